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

    /// [batch; inputs] → [batch; units].
    let apply (layer: Dense) (x: Tensor) : Tensor =
        Tensor.matmul x layer.Weight + layer.Bias
