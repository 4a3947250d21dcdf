/** What the demo data is made of. */
export const firstNames = [
  'Ada',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farid',
  'Grace',
  'Hana',
  'Jörg',
  'Noé',
];
export const lastNames = [
  'Álvarez',
  'Berg',
  'Chen',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Haddad',
  'Müller',
  'Okafor',
];
export const cities = ['Berlin', 'Lisboa', 'München', 'Paris', 'Reykjavík', 'São Paulo', '東京', 'İzmir'];
export const products = ['Kettle', 'Lamp', 'Notebook', 'Backpack', 'Headphones', 'Mug', 'Desk', 'Bicycle'];
export const categories = ['kitchen', 'office', 'outdoor', 'audio', 'furniture', 'sale', 'new', 'gifts'];
export const languages = ['de', 'en', 'fr', 'ja', 'pt-br', 'tr'];
export const pages = ['home', 'search', 'product', 'category', 'checkout', 'help', 'about', 'press'];

/** A day of the year the demo data is from, such as `2025-03-07`. */
export function dayText(index) {
  return new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10);
}
