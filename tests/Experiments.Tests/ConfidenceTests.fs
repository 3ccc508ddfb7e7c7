namespace Functional.Experiments.Tests

open Functional.Experiments
open Xunit

type ConfidenceTests() =
    let near (expected: float) (found: float) =
        Assert.True(abs (found - expected) < 1e-9 * abs expected, $"found {found:R}, expected {expected:R}")

    [<Fact>]
    member _.``quantiles of one, two and four degrees have closed forms``() =
        for level in [ 0.5; 0.9; 0.95; 0.99 ] do
            near (tan (System.Math.PI * level / 2.0)) (Confidence.quantile level 1)
            near (level * sqrt (2.0 / (1.0 - level * level))) (Confidence.quantile level 2)
            // The solution for four degrees, Shaw 2006.
            let p = 1.0 - level * level
            let root = cos (acos (sqrt p) / 3.0) / sqrt p
            near (2.0 * sqrt (root - 1.0)) (Confidence.quantile level 4)

    [<Theory>]
    [<InlineData(1000)>]
    [<InlineData(1001)>]
    member _.``quantiles of many degrees come to the normal distribution's``(freedom: int) =
        let z = 1.959963984540054
        let first = (z ** 3.0 + z) / 4.0
        let second = (5.0 * z ** 5.0 + 16.0 * z ** 3.0 + 3.0 * z) / 96.0
        let n = float freedom
        // Cornish & Fisher's expansion; the next term is of the order of 1/n³.
        Assert.Equal(z + first / n + second / (n * n), Confidence.quantile 0.95 freedom, 1e-8)

    [<Fact>]
    member _.``an interval is the mean and t times its standard error``() =
        // Mean 3, variance 2.5, five values.
        let mean, width = Confidence.interval [ 1.0; 2.0; 3.0; 4.0; 5.0 ]
        near 3.0 mean
        near (Confidence.quantile 0.95 4 * sqrt 0.5) width
        Assert.Equal((7.0, 0.0), Confidence.interval [ 7.0; 7.0; 7.0 ])
