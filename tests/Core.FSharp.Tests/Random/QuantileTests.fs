namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type QuantileTests() =
    [<Theory>]
    [<InlineData(0.5, 0.0)>]
    [<InlineData(0.6, 0.2533471031357997)>]
    [<InlineData(0.75, 0.6744897501960817)>]
    [<InlineData(0.9, 1.2815515655446004)>]
    [<InlineData(0.95, 1.6448536269514722)>]
    [<InlineData(0.975, 1.959963984540054)>]
    [<InlineData(0.001, -3.090232306167813)>]
    [<InlineData(1e-10, -6.361340902404056)>]
    [<InlineData(1e-100, -21.27345356096532)>]
    [<InlineData(1e-300, -37.0470962993612)>]
    member _.``known quantiles``(share: float, expected: float) =
        Close.check $"quantile of {share}" 1e-14 [| expected |] [| Quantile.normal share |]

    [<Fact>]
    member _.``the normal distribution leads back to the share``() =
        let shares = Array.init 999 (fun i -> float (i + 1) / 1000.0)

        let x =
            Tensor.ofFloat64s [ 999 ] (shares |> Array.map (fun share -> Quantile.normal share / sqrt 2.0))

        Close.check "share" 1e-14 shares ((0.5 * (1.0 + Tensor.erf x)).ToFloat64s())

    [<Fact>]
    member _.``shares on both sides of a half have opposite quantiles``() =
        // 1 − 2⁻ᵏ is exact.
        for k in 1..40 do
            let share = Math.Pow(2.0, float -k)
            Assert.Equal(Quantile.normal share, -(Quantile.normal (1.0 - share)), 12)

    [<Fact>]
    member _.``shares of nothing and of all are refused``() =
        for share in [ 0.0; 1.0; -0.1; nan ] do
            let error = throws<ArgumentException>(fun () -> Quantile.normal share |> ignore)
            Assert.Contains("expected more than 0, less than 1", error.Message)
