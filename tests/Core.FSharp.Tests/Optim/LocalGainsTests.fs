namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Gains of single numbers against a recomputation in scalars.
type LocalGainsTests() =
    static let options =
        {
            Low = 0.7
            High = 1.3
            Bonus = 0.125
            Penalty = 0.75
        }

    static let next gain last gradient =
        let scalar value = Tensor.full Float64 [] value
        (LocalGains.next options (scalar gain) (scalar last) (scalar gradient)).ToScalar()

    [<Theory>]
    [<InlineData(1.0, 0.5, 2.0, 1.125)>]
    [<InlineData(1.0, -0.5, -2.0, 1.125)>]
    [<InlineData(1.0, 0.5, -2.0, 0.75)>]
    [<InlineData(1.0, -1e-300, 1e-300, 0.75)>]
    [<InlineData(1.25, 1e-300, 1e-300, 1.3)>]
    [<InlineData(0.8, 1.0, -1.0, 0.7)>]
    [<InlineData(1.0, 0.0, 5.0, 1.0)>]
    [<InlineData(1.0, 5.0, 0.0, 1.0)>]
    [<InlineData(1.0, 0.0, 0.0, 1.0)>]
    member _.``a gain grows on agreement, shrinks on a turn and stays in its limits``(gain, last, gradient, expected: float) =
        Assert.Equal(expected, next gain last gradient, 15)

    [<Fact>]
    member _.``gains multiply the rate of each number``() =
        let optimizer =
            { Optimizer.sgd 0.5 with
                Gains = Some options
            }

        // The gradient of the first number keeps its sign, that of the second turns at each step.
        let gradients = [ [ 1.0; 1.0 ]; [ 2.0; -2.0 ]; [ 4.0; 4.0 ] ]

        let step (w, state) (gradient: float list) =
            Optimizer.update optimizer (Tensor.ofFloat64s [ 2 ] (List.toArray gradient)) state w

        let start = Tensor.zeros Float64 [ 2 ]

        let w, state =
            (((start, Optimizer.init optimizer start)), gradients) ||> List.fold step
        // Gains: 1, 1.125, 1.25 and 1, 0.75, 0.7.
        Close.tensor 1e-15 [ -0.5 * (1.0 + 2.25 + 5.0); -0.5 * (1.0 - 1.5 + 2.8) ] w
        Close.tensor 1e-15 [ 1.25; 0.7 ] (Option.get state.Gains)
        Close.tensor 0.0 [ 4.0; 4.0 ] (Option.get state.Gradient)
