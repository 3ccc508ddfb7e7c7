namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Metropolis-adjusted Langevin chains: no error from the step, whatever its size.
type MalaTests() =
    static let ones count = Tensor.ones Float32 [ 16; count ]

    static let quartic (x: Tensor) =
        Tensor.sumOver [ 1 ] (0.25 * Tensor.square (Tensor.square x))

    /// A normal distribution cut off at ±1; there is no energy beyond.
    static let walled (x: Tensor) =
        let isInside = Tensor.lt (Tensor.abs x) (Tensor.onesLike x)
        Tensor.sumOver [ 1 ] (Tensor.where isInside (0.5 * x * x) (Tensor.fullLike x nan))

    [<Theory; InlineData 0.2; InlineData 0.8>]
    member _.``a normal distribution has its moments at any step size``(stepSize: float) =
        let curvatures = [ 0.5; 1.0; 2.0 ]

        let energy (x: Tensor) =
            Tensor.sumOver [ 1 ] (0.5 * Tensor.vector curvatures * x * x)

        let draws = Drawn.settled 1000 20 (Mala.sampler stepSize energy) (ones 3)
        Drawn.hasMean id [ 0.0; 0.0; 0.0 ] draws.Values
        Drawn.hasMean (fun x -> x * x) [ for c in curvatures -> 1.0 / c ] draws.Values

    [<Fact>]
    member _.``a distribution with light tails has its moments``() =
        let draws = Drawn.settled 1000 10 (Mala.sampler 0.4 quartic) (ones 1)
        // 2·Γ(3/4)/Γ(1/4), and 1 by parts.
        Drawn.hasMean (fun x -> x ** 2.0) [ 2.0 * 1.2254167024651776 / 3.6256099082219083 ] draws.Values
        Drawn.hasMean (fun x -> x ** 4.0) [ 1.0 ] draws.Values

    [<Fact>]
    member _.``places without an energy are refused and counted, and the rest has its moments``() =
        let draws = Drawn.settled 1000 10 (Mala.sampler 0.1 walled) (0.5 * ones 1)
        // 1 − 2·φ(1)/(2·Φ(1) − 1).
        let expected = 1.0 - 2.0 * 0.24197072451914337 / 0.6826894921370859
        Drawn.hasMean (fun x -> x * x) [ expected ] draws.Values
        Assert.InRange((Tensor.mean draws.Info.NonFinite).ToScalar(), 0.05, 0.5)
        Assert.All(Seq.cast<float> draws.Values, (fun x -> Assert.InRange(x, -1.0, 1.0)))

    [<Fact>]
    member _.``acceptance goes to 1 as the step goes to 0``() =
        let refused stepSize =
            let sampler = Mala.sampler stepSize quartic
            let _, info = Sampler.run 200 sampler (Key.ofSeed 2L) (sampler.Init(ones 4))
            1.0 - (Tensor.mean info.Acceptance).ToScalar()

        let found = List.map refused [ 0.3; 0.1; 0.01; 0.001 ]

        for larger, smaller in List.pairwise found do
            Assert.True(smaller < larger)

        Assert.InRange(List.last found, 0.0, 1e-3)

    [<Fact>]
    member _.``a step accepts with the probability of the formula, and keeps energy and gradient of where it is``() =
        let stepSize, count = 0.7, 500
        let key = Key.ofSeed 6L
        let sampler = Mala.sampler stepSize quartic
        let x = Tensor.cast Float64 (Sample.normal (Key.ofSeed 7L) Float32 [ count; 1 ])
        let state, info = sampler.Step key (sampler.Init x)

        let energy x = 0.25 * x ** 4.0
        let slope x = x ** 3.0

        let logDensity x y =
            -((y - x + stepSize * slope x) ** 2.0) / (4.0 * stepSize)

        let noise, choice = Key.pair key
        let z = (Sample.normal noise Float64 [ count; 1 ]).ToFloat64s()
        let u = (Sample.uniform choice Float64 [ count ]).ToFloat64s()
        let x = x.ToFloat64s()

        let proposals =
            Array.map2 (fun x z -> x - stepSize * slope x + sqrt (2.0 * stepSize) * z) x z

        let probability x y =
            min 1.0 (exp (energy x - energy y + logDensity y x - logDensity x y))

        let probabilities = Array.map2 probability x proposals
        Close.check "acceptance" 1e-10 probabilities (info.Acceptance.ToFloat64s())

        let expected =
            Array.init count (fun i -> if u[i] < probabilities[i] then proposals[i] else x[i])

        Assert.NotEqual<float[]>(proposals, expected)
        Close.check "position" 1e-12 expected (state.Position.ToFloat64s())
        Close.check "energy" 1e-12 (Array.map energy expected) (state.Energy.ToFloat64s())
        Close.check "gradient" 1e-12 (Array.map slope expected) (state.Gradient.ToFloat64s())

    [<Fact>]
    member _.``a step size of 0 or less is refused``() =
        for stepSize in [ 0.0; -1.0; nan ] do
            throws<ArgumentException>(fun () -> Mala.sampler stepSize quartic |> ignore)
            |> ignore
