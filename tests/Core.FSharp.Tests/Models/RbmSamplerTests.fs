namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Gibbs chains and parallel tempering against all states of small machines.
type RbmSamplerTests() =
    static let visible = 6

    static let vector (values: float list) =
        Tensor.ofFloat64s [ values.Length ] (List.toArray values)

    static let pattern = [ 1.0; 1.0; 1.0; -1.0; -1.0; -1.0 ]

    /// A pattern and its opposite, which hidden units of one sign and of the other hold on to, with next to nothing between them; the biases
    /// favour the pattern a little.
    static let twoModes: Rbm =
        {
            Weight = 3.0 * Tensor.outer (vector pattern) (vector [ 1.0; 1.0; -1.0; -1.0 ])
            VisibleBias = 0.1 * vector pattern
            HiddenBias = Tensor.zeros Float64 [ 4 ]
            Units = BernoulliUnits
        }

    /// A machine without any symmetry.
    static let uneven = SmallMachine.random 1L visible 5

    /// p(v) of all states.
    static let law (rbm: Rbm) : float[] =
        SmallMachine.joint rbm |> Array.map Array.sum

    /// How often each state is among rows.
    static let counts (v: Tensor) : float[] =
        let found = Array.zeroCreate (1 <<< visible)

        for row in SmallMachine.rows v do
            found[SmallMachine.index row] <- found[SmallMachine.index row] + 1.0

        found

    /// χ² of independent rows against a law, as a multiple of what one sample of that law in a thousand exceeds (Wilson & Hilferty 1931).
    /// States that fewer than five rows are expected in are counted together.
    static let surprise (law: float[]) (v: Tensor) =
        let rows = float v.Shape[0]

        let frequent, rare =
            Array.zip law (counts v) |> Array.partition (fun (p, _) -> p * rows >= 5.0)

        let together = Array.sumBy fst rare, Array.sumBy snd rare

        let cells =
            if fst together * rows >= 5.0 then
                Array.append frequent [| together |]
            else
                frequent

        let chiSquared =
            cells |> Array.sumBy (fun (p, count) -> (count - p * rows) ** 2.0 / (p * rows))

        let degrees = float (cells.Length - 1)
        let spread = 2.0 / (9.0 * degrees)

        chiSquared
        / (degrees * (1.0 - spread + Quantile.normal 0.999 * sqrt spread) ** 3.0)

    /// 4000 chains that begin in the opposite of the pattern: rows that know nothing of each other.
    static let start =
        Tensor.broadcast [ 4000; visible ] (vector [ for sign in pattern -> (1.0 - sign) / 2.0 ])

    /// Where the chains are after so many steps.
    static let after steps (sampler: Sampler<'State, 'Info>) =
        let state, info = Sampler.run steps sampler (Key.ofSeed 12L) (sampler.Init start)

        sampler.Position state, info

    static let evenly replicas scalesAll =
        { RbmSampler.replicas replicas with
            Base = if scalesAll then AllAlike else BiasesAlone
        }

    [<Fact>]
    member _.``Gibbs chains draw from the machine``() =
        let v, () = after 100 (RbmSampler.gibbs uneven)
        Assert.InRange(surprise (law uneven) v, 0.0, 1.0)

    [<Theory; InlineData true; InlineData false>]
    member _.``parallel tempering draws from a machine of two modes, where Gibbs chains stay in theirs``(scalesAll: bool) =
        let v, info = after 300 (RbmSampler.tempered (evenly 8 scalesAll) twoModes)
        Assert.InRange(surprise (law twoModes) v, 0.0, 1.0)
        Assert.All(info.SwapAcceptance.ToFloat64s(), (fun acceptance -> Assert.InRange(acceptance, 0.1, 1.0)))

        let stuck, () = after 300 (RbmSampler.gibbs twoModes)
        Assert.InRange(surprise (law twoModes) stuck, 10.0, infinity)

    [<Theory; InlineData true; InlineData false>]
    member _.``each replica has the law of its inverse temperature``(scalesAll: bool) =
        let options = evenly 4 scalesAll
        let sampler = RbmSampler.tempered options uneven

        let state, _ = Sampler.run 101 sampler (Key.ofSeed 13L) (sampler.Init start)

        for replica, beta in List.indexed options.InverseTemperatures do
            let ofBiases = if scalesAll then beta else 1.0

            let scaled =
                { uneven with
                    Weight = beta * uneven.Weight
                    VisibleBias = ofBiases * uneven.VisibleBias
                    HiddenBias = ofBiases * uneven.HiddenBias
                }

            Assert.InRange(surprise (law scaled) (Tensor.slice 0 (replica * 4000) 4000 state.Visible), 0.0, 1.0)

    [<Fact>]
    member _.``replicas of Gaussian units have their moments``() =
        let variance = [ 0.25; 4.0 ]

        let rbm =
            {
                Weight = Tensor.matrix [ [ 1.0 ]; [ -3.0 ] ]
                VisibleBias = Tensor.vector [ 0.5; -1.0 ]
                HiddenBias = Tensor.vector [ 0.2 ]
                Units = GaussianUnits { Carried = Tensor.vector variance }
            }

        // One hidden unit: p(h = 1) is the sigmoid of c + Σ (b·w + w²/2)/σ², and v is normal around b + h·w.
        let weights, biases = [ 1.0; -3.0 ], [ 0.5; -1.0 ]

        let input =
            0.2
            + List.sum (List.map3 (fun w b variance -> (b * w + w * w / 2.0) / variance) weights biases variance)

        let on = 1.0 / (1.0 + exp -input)

        let sampler = RbmSampler.tempered (RbmSampler.replicas 4) rbm

        let draws =
            Sampler.draws 200 5 sampler (Key.ofSeed 14L) (sampler.Init(Tensor.zeros Float32 [ 100; 2 ]))

        let means = List.map2 (fun b w -> b + on * w) biases weights

        let squares =
            List.map3 (fun v b w -> v + (1.0 - on) * b * b + on * (b + w) ** 2.0) variance biases weights

        Drawn.hasMean id means draws.Values
        Drawn.hasMean (fun x -> x * x) squares draws.Values

    [<Fact>]
    member _.``neighbours that are alike always change places, even and odd pairs in turns``() =
        // Without weights all temperatures have one law.
        let idle =
            { uneven with
                Weight = Tensor.zerosLike uneven.Weight
            }

        let sampler = RbmSampler.tempered (RbmSampler.replicas 4) idle
        let start = sampler.Init start

        let replicasAfter turn =
            let state, info =
                sampler.Step
                    (Key.ofSeed 15L)
                    { start with
                        Turn = Tensor.ofInt32s [] [| turn |]
                    }

            Close.tensor 0.0 [ 1.0; 1.0; 1.0 ] info.SwapAcceptance
            Assert.Equal(turn + 1, state.Turn.ToInt32s()[0])

            [
                for replica in 0..3 -> (Tensor.slice 0 (replica * 4000) 4000 state.Visible).ToFloat64s()
            ]

        // From states a, b, c, d an even turn makes b, a, d, c and an odd one a, c, b, d.
        let even, odd = replicasAfter 6, replicasAfter 7
        Assert.Equal<float[] list>([ even[1]; even[3]; even[0]; even[2] ], odd)
        Assert.Equal(4, List.length (List.distinct odd))

    [<Fact>]
    member _.``bits are the same at any number of threads, and the second call compiles nothing``() =
        let rbm = Rbm.create (Key.ofSeed 1L) 100 300
        let sampler = RbmSampler.tempered (RbmSampler.replicas 5) rbm
        let start = sampler.Init(Tensor.zeros Float32 [ 30; 100 ])

        let bits name =
            let recorder = Recorder(TestEngines.find name)
            let draw = Sampler.drawsOn recorder.Engine 2 3 sampler
            let first = draw (Key.ofSeed 2L) start
            let second = draw (Key.ofSeed 3L) first.State
            Assert.Equal(1, recorder.Programs.Length)
            second.Values

        for name in TestEngines.threads do
            Assert.Equal<float[,,]>(bits "cpu one thread", bits name)

    [<Fact>]
    member _.``temperatures out of order and bases that do not exist are refused``() =
        for betas in
            [
                []
                [ 1.0 ]
                [ 0.0; 0.9 ]
                [ 0.0; 0.5; 0.5; 1.0 ]
                [ -0.1; 1.0 ]
                [ nan; 1.0 ]
            ] do
            let options =
                {
                    InverseTemperatures = betas
                    Base = AllAlike
                }

            let error =
                throws<ArgumentException>(fun () -> RbmSampler.tempered options uneven |> ignore)

            Assert.Equal("InverseTemperatures", error.ParamName)

        let gaussian =
            { uneven with
                Units =
                    GaussianUnits
                        {
                            Carried = Tensor.ones Float32 [ visible ]
                        }
            }

        let error =
            throws<ArgumentException>(fun () -> RbmSampler.tempered (evenly 3 true) gaussian |> ignore)

        Assert.Equal("Base", error.ParamName)
