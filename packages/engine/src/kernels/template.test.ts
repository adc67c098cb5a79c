import { describe, expect, it } from 'vitest'
import { specialise } from './template.ts'

describe('specialise', () => {
  it('repeats, chooses and substitutes', () => {
    const text = `//! for r in R
let a_{{r}} = {{f(r, 2)}};
//! if WIDE
wide
//! else
//! if K == 4
four {{r}}
//! end
//! end
//! end
done`
    expect(specialise(text, { R: 2, WIDE: false, K: 4, f: (r, c) => `${r}/${c}` })).toBe(
      'let a_0 = 0/2;\nfour 0\nlet a_1 = 1/2;\nfour 1\ndone',
    )
  })

  it('nests loops', () => {
    const text = '//! for a in 2\n//! for b in N\n{{a}}{{b}}\n//! end\n//! end'
    expect(specialise(text, { N: 3 }).split('\n')).toEqual(['00', '01', '02', '10', '11', '12'])
  })

  it('refuses what it cannot read', () => {
    expect(() => specialise('//! wat', {})).toThrow('unknown directive')
    expect(() => specialise('{{missing}}', {})).toThrow("no value for 'missing'")
    expect(() => specialise('//! end', {})).toThrow('without a beginning')
    expect(() => specialise('//! if missing\n//! end', {})).toThrow('cannot decide')
  })
})
