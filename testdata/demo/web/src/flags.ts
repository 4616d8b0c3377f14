import { UnleashClient } from 'unleash-proxy-client';

// Feature flags of the shop's front page.
export const flags = new UnleashClient({
  url: 'https://unleash.example.com/api/frontend',
  clientKey: 'default:production.e3dfcb6af4efbab7aa2696d654220d415cb25373f74c3631a56b5460',
  appName: 'shop-web',
});

flags.start();
