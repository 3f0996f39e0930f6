import { type Form, notA } from '../arguments/forms.ts';

/** The path of a member, as a view's rules write it. */
export const memberPath: Form<string> = {
  read(text) {
    if (text.split('.').every((step) => step !== '')) return text;
    throw notA('the path of a member, such as user_id or additionalParams.email', text);
  },
};
