/** All choices of `size` of the numbers 0 … `of` - 1, each ascending, in lexicographic order. */
export function combinations(of: number, size: number): readonly (readonly number[])[] {
  const chosen: number[][] = [];
  const present = Array.from({ length: size }, (_, i) => i);
  if (size > of) return chosen;
  for (;;) {
    chosen.push([...present]);
    let place = size - 1;
    while (place >= 0 && present[place] === of - size + place) place--;
    if (place < 0) return chosen;
    present[place]! += 1;
    for (let i = place + 1; i < size; i++) present[i] = present[i - 1]! + 1;
  }
}
