namespace Functional.Core.Tests

open Functional.Core
open Xunit

type private Weighed =
    {
        Weight: Tensor
        Bias: Tensor
        Running: Carried
        Next: Dense list
    }

type RegularizerTests() =
    static let tree =
        {
            Weight = Tensor.matrix [ [ 1.0; -2.0 ] ]
            Bias = Tensor.vector [ 100.0 ]
            Running =
                {
                    Carried = Tensor.matrix [ [ 100.0 ] ]
                }
            Next =
                [
                    {
                        Weight = Tensor.matrix [ [ -0.5 ]; [ 4.0 ] ]
                        Bias = Tensor.vector [ 100.0 ]
                    }
                ]
        }

    static let price regularizer =
        Regularizer.cost regularizer tree |> Option.map _.ToScalar()

    [<Fact>]
    member _.``weights have a price, biases and carried tensors none``() =
        Assert.Equal(Some 3.75, price (Regularizer.l1 0.5))
        Assert.Equal(Some 10.625, price (Regularizer.l2 0.5))
        Assert.Equal(Some(7.5 + 10.625), price { L1 = 1.0; L2 = 0.5 })

    [<Fact>]
    member _.``no price is none``() =
        Assert.Equal(None, price Regularizer.none)
        Assert.True((Regularizer.cost (Regularizer.l2 1.0) (Tensor.vector [ 1.0; 2.0 ])).IsNone)

    [<Fact>]
    member _.``its gradient pulls weights towards zero``() =
        let cost tree =
            Regularizer.cost { L1 = 1.0; L2 = 0.5 } tree |> Option.get

        let gradient = grad cost tree
        Close.tensor 1e-6 [ 2.0; -3.0 ] gradient.Weight
        Close.tensor 1e-6 [ -1.5; 5.0 ] gradient.Next.Head.Weight
        Close.tensor 0.0 [ 0.0 ] gradient.Bias
        Close.tensor 0.0 [ 0.0 ] gradient.Running.Carried
