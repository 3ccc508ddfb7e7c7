namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// log Z by whichever way there is.
type LogPartitionTests() =
    static let options =
        { Ais.defaults with
            Chains = 60
            Temperatures = 400
            BurnIn = 200
        }

    static let rows = Sample.bernoulli (Key.ofSeed 1L) (Tensor.full Float64 [ 200; 40 ] 0.3)

    [<Fact>]
    member _.``a small layer is gone through``() =
        let rbm = Enumerated.machine 40 6 0.3 2L
        let found = LogPartition.measure options (Key.ofSeed 3L) rbm rows
        Assert.Equal(Exact(Partition.exact rbm), found)
        Assert.Equal<float list>([ found.Low; found.Low ], [ found.High; found.Middle ])

        match LogPartition.anneal options (Key.ofSeed 3L) rbm rows with
        | Exact _ -> Assert.Fail "annealing was asked for"
        | Bracketed bracket -> Assert.InRange(found.Middle, bracket.Forward.Low, bracket.Reverse.High)

    [<Fact>]
    member _.``larger layers are annealed from both sides of the same rows``() =
        // Two layers of 40 and 24 units whose weights leave but 6 hidden units with any: the others add what softplus says of their biases.
        let small = Enumerated.machine 40 6 0.3 2L
        let idle = Tensor.full Float64 [ 18 ] 0.5

        let rbm =
            { small with
                Weight = Tensor.concatenate 1 [ small.Weight; Tensor.zeros Float64 [ 40; 18 ] ]
                HiddenBias = Tensor.concatenate 0 [ small.HiddenBias; idle ]
            }

        let exact = Partition.exact small + 18.0 * log (1.0 + exp 0.5)

        match LogPartition.measure options (Key.ofSeed 3L) rbm rows with
        | Exact _ -> Assert.Fail "24 units are too many"
        | Bracketed bracket as found ->
            Assert.InRange(exact, bracket.Forward.Low, bracket.Forward.High)
            Assert.InRange(exact, bracket.Reverse.Low, bracket.Reverse.High)
            Assert.Equal(bracket.Forward.LogZ, found.Low)
            Assert.Equal(bracket.Reverse.LogZ, found.High)
            Assert.Equal(bracket.Gap, found.High - found.Low, 12)
            Assert.Equal(max found.Low (0.5 * (found.Low + found.High)), found.Middle, 12)

    [<Fact>]
    member _.``a bracket upside down counts as its lower end``() =
        let estimate logZ =
            {
                LogZ = logZ
                StandardError = 0.1
                Low = logZ - 1.0
                High = logZ + 1.0
                EffectiveSamples = 9.0
            }

        let known forward reverse =
            Bracketed
                {
                    Forward = estimate forward
                    Reverse = estimate reverse
                }

        Assert.Equal(6.0, (known 5.0 7.0).Middle)
        Assert.Equal(5.0, (known 5.0 -7.0).Middle)

    [<Fact>]
    member _.``where states can be gone through, the way back begins at exact draws``() =
        let rbm = Enumerated.machine 12 6 2.0 6L
        let rows = Tensor.zeros Float64 [ 4; 12 ]
        let options = { options with Temperatures = 2 }
        let chains, annealing = Key.pair (Key.ofSeed 7L)
        let draws = Partition.sample chains options.Chains rbm
        let expected = Ais.bracket options annealing (Tensor.meanOver [ 0 ] rows) rbm draws
        Assert.Equal(Bracketed expected, LogPartition.anneal options (Key.ofSeed 7L) rbm rows)

    [<Fact>]
    member _.``chains begin all over the rows, several at one where there are few``() =
        // Without turns the samples are the rows, and the weights of the way back over one temperature are those of the rows.
        let rbm = Enumerated.machine 40 24 0.1 4L
        let few = Tensor.slice 0 0 3 rows

        let options =
            { options with
                Chains = 6
                Temperatures = 1
                BurnIn = 0
            }

        let annealing = snd (Key.pair (Key.ofSeed 5L))
        let twice = Tensor.gatherRows (Tensor.ofInt32s [ 6 ] [| 0; 0; 1; 1; 2; 2 |]) few
        let expected = Ais.bracket options annealing (Tensor.meanOver [ 0 ] few) rbm twice
        Assert.Equal(Bracketed expected, LogPartition.measure options (Key.ofSeed 5L) rbm few)
