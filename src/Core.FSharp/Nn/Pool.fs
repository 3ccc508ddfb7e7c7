namespace Functional.Core

/// A window that moves over each channel of an image and leaves one number at each position.
type Pool =
    {
        /// Height and width.
        Window: int * int
        Stride: int * int
        Padding: Padding
    }

[<RequireQualifiedAccess>]
module Pool =
    /// A square window that moves by its own size; no padding.
    let defaults size =
        {
            Window = size, size
            Stride = size, size
            Padding = Padding.Valid
        }

    let private over (pool: Pool) images =
        Padding.window pool.Padding pool.Window pool.Stride (1, 1) images

    /// The largest number in each window; padding never wins. [batch; channels; H; W] → [batch; channels; H'; W'].
    let max (pool: Pool) (images: Tensor) : Tensor =
        Tensor.maxPool2d pool.Window (over pool images) images

    /// The mean of each window. Padding counts as zeros, as in PyTorch; Keras leaves it out. [batch; channels; H; W] → [batch; channels; H'; W'].
    let average (pool: Pool) (images: Tensor) : Tensor =
        Tensor.avgPool2d pool.Window (over pool images) images
