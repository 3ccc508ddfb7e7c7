namespace Functional.Core

/// A layer before its parameters are drawn: what it is to be, whatever the sizes of the layers around it.
[<RequireQualifiedAccess>]
type LayerSpec =
    /// Units that each see every input. Without an initializer: the one that suits the activation behind the layer.
    | Dense of units: int * initializer: Initializer option
    | Conv2D of Conv2DOptions
    | ConvTranspose2D of Conv2DOptions
    | MaxPool of Pool
    | AvgPool of Pool
    | BatchNorm of momentum: float * epsilon: float
    /// The share of numbers that become 0 in training, 0 up to less than 1.
    | Dropout of rate: float
    /// To rows of numbers.
    | Flatten
    /// To rows of the shape given.
    | Reshape of row: int list
    /// So many zeros around each image.
    | Pad of size: int
    | Activation of Activation

/// The specifications used most, in their usual form; others are records like `{ Conv2DOptions.defaults 32 3 with Stride = 2, 2 }`.
[<RequireQualifiedAccess>]
module LayerSpec =
    let dense units = LayerSpec.Dense(units, None)

    /// Square filters; stride 1, no padding, with biases.
    let conv2D filters kernel =
        LayerSpec.Conv2D(Conv2DOptions.defaults filters kernel)

    /// The maximum of square windows side by side.
    let maxPool size = LayerSpec.MaxPool(Pool.defaults size)

    /// The mean of square windows side by side.
    let avgPool size = LayerSpec.AvgPool(Pool.defaults size)

    /// Momentum 0.99, ε 0.001.
    let batchNorm =
        LayerSpec.BatchNorm(BatchNorm.defaultMomentum, BatchNorm.defaultEpsilon)
