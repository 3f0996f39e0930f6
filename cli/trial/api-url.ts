import { type Form, notA, WrongValue } from '../arguments/forms.ts';
import { shown } from '../arguments/wrong-use.ts';

/**
 * Scheme and host of a Mosaic environment. Client id and secret are sent there, so plain http is for this machine
 * alone. No message repeats a URL that holds a user or a password.
 */
export const apiUrl: Form<string> = {
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
      throw notA('a URL, such as https://api.sbx.transmitsecurity.io', text);
    }
    if (url.username !== '' || url.password !== '')
      throw new WrongValue('takes no user or password in its URL');
    const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url.protocol === 'http:' && !loopback) throw new WrongValue(`"${shown(text)}" must be https`);
    if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
      throw new WrongValue(`takes scheme and host only: ${url.origin}`);
    }
    return url.origin;
  },
};
