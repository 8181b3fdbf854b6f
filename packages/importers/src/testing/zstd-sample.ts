/** Test support: what the `zstd` program makes of a small DBN file, so that its compressed blocks are read too. */

/** The first bars of the samples as DBN of version 2; all made up. */
export const ZSTD_SAMPLE_BARS = 120;

/** `zstd -3` of them. */
export const ZSTD_SAMPLE = Buffer.from(
  [
    'KLUv/WRaGp08ALQ0REJOAhIBAABHTEJYLk1EUDMABgABAAAARVNaNQW0MgFFwTUBNDkxNg4hAQA0EwAAAGBSXy8UGhiATyc6dAUA',
    'AABn22aAhYz+czhzDRACuJlXPRQaGIC09FebARDhT0uA41yxADF2on1oKEhZgBLFCnUAlkPAKcBvQGdIKs82GLc4dRnCddEAcP4w',
    'g4fIRSmRAGDe+wD7EN6+ACCNIZ93AHjUGa3qWRyg0BsSuwACDkl0CyhjCsk/gKoC1wDTpe9zdtjx+uRu2NFJMDnz8p2IgOsAFRoY',
    'nUArgFYkpXPA4MfjDgAJC7SA8VaHAKQ9lkQ4D9wcFRoYgCe8SwDaolqQkFbUKqnoncw4WEDlxEa78cKYLL1UXPBztWIVSki7rXBM',
    'oAKmfhX/+EmejHFQkZaaTqjYjqh11TzwACCHtoDC7i2FWGd/xKs6AYBdIRBAsK530hAIHzoI9m/g9WA9aO5luIRg/D9weG4QzFgK',
    'FhoYaWgTURgWLMBaSSYWlxiiQTSA+FPycldw6TlCXsgwMlAWgIyJaWUgeCpeQXi/Imw50AYberYoThOIgJULljLY3AOkFjAk/LEW',
    'IL/gn4hr9L9y4LLszTj65Ns3kEHd6Ra16IjV91hA0M0FF7CYF8YTF/BeviEXVUimti8XWaDtrj0X+DSnS0ZQfJ9ZzKiEKajDl2cr',
    'AAuQdVhSiIMwsJmAkUMI4XifF5xgKHGtuG9pu36PkyMQt2HJF1No/lnXUMBFUuUXShiNSvNPcNRCARhbyBs7DxggYzMdGE54qisr',
    'PdDxIzmBKDkcRxgqeTd1gHeSKH6AgBRVxasZHtjHDGMwDwVxV4hW/X5g4J31jK337Gw45e2aVpAs5qgYGhhC6HPeti1Au9bESJgC',
    'z9I08EnH4HdIkb/uxqDYt/wY+B+wChmLUGeoGCyorqAmxQD2mDQZO1g9kUKwhIlQCMyBXgBGbeMiYBN6bEq4WnJ6GRCiaogZaOli',
    'lhnAMFuk0Bh4U7J0cL9LwMgGRM4ZIE483Dd4lTTq0Nws+CYoJCUGGoBrHRQa2LIVIjD6DTAaTYhBBj7giP5LIzjQ9lk5kBfvZ2jo',
    'Xud1LkCm34OY7deRMfA00J9IfMitGhoAAAAAAAAAglmokpwEsRqktDEHEgoyDIxRWjrvEiAiCBMvIYiEyjVJSQqStL8Bc43ZNvUO',
    'EdEUbHs22bHbehdYndLa41SGms14xoG3Fql5djdufMBrPd8gQHZ1M0ZOJzfjlDZvkbz6fO235iiRcEXCiPfDM9YFmKu6zbkKbbFx',
    '3ChoGGfc1o89z7dMhcGxv7DA9HKf7bDsoSvThL6NdMplaZNFjszVnD89s61rYrZJjHVprO5KmIHbWC3uioyWvjImw1TX4K+Gy/S+',
    'Y74L6kbNmN77Nq4UwowcYM43t3O495VuDn+zGqsFzjPUcUPEvQF3AWs9ZZHC8hB2j0L1Hf/zDneyAjv3x5vFbWVWZI9mFvDseuqB',
    '3s7x+8t/TORcbnFqf7dAs+A0Wq401e+EfSzrEI7PzXUMeetOYIuS0dwKu2mTZd0vC875Z7yJ7k9gUOo1SjaQR+RhDLmRBkS55pHG',
    'PlnYp6K5LmbjbDfkEDRfDNV2MMgYrOzugneZDebBDHbr5tlr5hOv4zoz3YXuyWHp2IQmq+rYjclbXgXduecsGdjNj3Bz+awbjgGI',
    'KzSQZ7f7IdNPy2qt2rBJzW6mznk06j92nZGmkQWvzlro7pUtem2NW+0gi/CzychM4dzqrA3IdaI/5bRrNSP95MVxl9ptLLG2T+oG',
    'G0eCU5+0VQU7YzF7LJTA9OVijdksHWUYM+8Vv7WX1RporKF+ZZZzfD3daF2J0ag2dVjohHbySLXLImxiWrmmzu/devuW6P0/i547',
    'bIndXMhKewKse2dUW1+X2s40mqDnLZZio9LEPgqGR+nH5Km+Hg7YZkt+2zi3IxoGwttYNm0CvE7dFMjN/RWwWxmreWWJI1fcNJOh',
    'fdMX0mOW2owfP5tzN41wsN0TwoZX+n23/d55Wiv+Y8ZWm3Ge0/MLu51mmVSG07ZU94qbaZU8b4w5lL+yBfb/0xDmcpscplhG7xZy',
    'KLve2/LoKHnCVm3cQVt+D8WUxaNWzXkXDqfgMcP8YxasQVwztpzDGniV8rwf1FguFIbxp/pvkDHi1InGRzcato0BviXZzDMEs0Cl',
    'u5X2OZZi6tUbzPbJ/Is4IdgotWK1xR5NF4uH3ZpX3jpzNG7I7s/gWUeNC28S9ik9+zX9V6yGDZAezCvz88cxYOl0+8prNLGbb77m',
    'n8hzL8RjTm3jtM/GsDZ8ODp5sX2Kq+l2PnI9zBuHpmIP/9OezWActOsYO7/uloHWBifiGs8yS1jhZmEjI2K/tbBlsO89b/tFBIZE',
    'tnukPdNtL0YJK+zWGY7ZraZxl2G97lBZhS0pj9IxY43ZA25hDd9N0dkkfta8ujvDNxbbcr518/uBsVrmALgR+908prZhZ6A4snm4',
    'arQVs6H5tHvLMWsZIk94/t0dLUPM9kibbbfW9vzsWRwkz/7RBq6O/s8B3c8de3MKGowkm1wwgDqZrs27hxCH8HYgfN1t5zIwaQOu',
    'tabq',
  ].join(''),
  'base64',
);
