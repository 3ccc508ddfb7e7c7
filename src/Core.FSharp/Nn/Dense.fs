namespace Functional.Core

/// A layer of units that each see every input: x·Weight + Bias.
type Dense =
    {
        /// [inputs; units].
        Weight: Tensor
        /// [units].
        Bias: Tensor
    }

[<RequireQualifiedAccess>]
module Dense =
    /// A layer with weights drawn and biases 0.
    let create (initializer: Initializer) key (inputs: int) (units: int) : Dense =
        {
            Weight = Init.draw initializer key inputs units [ inputs; units ]
            Bias = Tensor.zeros Float32 [ units ]
        }

    /// [...; inputs] → [...; units]: the same for every row, however many axes count them.
    let apply (layer: Dense) (x: Tensor) : Tensor =
        let rows = Tensor.reshape [ -1; layer.Weight.Shape[0] ] x
        let shape = Array.append x.Shape[.. x.Rank - 2] layer.Bias.Shape
        Tensor.reshape shape (Tensor.matmul rows layer.Weight + layer.Bias)
