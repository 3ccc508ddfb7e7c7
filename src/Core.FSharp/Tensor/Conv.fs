namespace Functional.Core

open Functional.Core.Graph

/// How a window moves: strides, dilations and zero padding, each for height and width.
type ConvOptions =
    {
        Stride: int * int
        Dilation: int * int
        /// Rows above and below.
        PadHeight: int * int
        /// Columns left and right.
        PadWidth: int * int
        Groups: int
    }

[<RequireQualifiedAccess>]
module ConvOptions =
    /// Stride 1, no padding, no dilation, one group.
    let defaults =
        {
            Stride = 1, 1
            Dilation = 1, 1
            PadHeight = 0, 0
            PadWidth = 0, 0
            Groups = 1
        }

    /// The same padding on all four sides.
    let padded size (options: ConvOptions) =
        { options with
            PadHeight = (size, size)
            PadWidth = (size, size)
        }

    /// The same stride both ways.
    let strided stride (options: ConvOptions) =
        { options with
            Stride = (stride, stride)
        }

    let internal window (options: ConvOptions) : Window =
        let pair (a, b) = struct (a, b)

        {
            Stride = pair options.Stride
            Dilation = pair options.Dilation
            PadHeight = pair options.PadHeight
            PadWidth = pair options.PadWidth
        }

/// Convolutions and pools over images [batch; channels; height; width].
[<AutoOpen>]
module Conv =
    type Tensor with
        /// Cross-correlation, as neural networks use the word: images [N; C; H; W], weights [O; C/groups; h; w] → [N; O; H'; W'],
        /// H' = ⌊(H + pads − dilation·(h − 1) − 1)/stride⌋ + 1.
        static member conv2d (options: ConvOptions) (weights: Tensor) (images: Tensor) =
            Tensor.make
                (Conv
                    {
                        Window = ConvOptions.window options
                        Groups = options.Groups
                    })
                [ images; weights ]

        /// The transpose of conv2d in its images: images [N; C; H; W], weights [C; O/groups; h; w] → [N; O; H'; W'],
        /// H' = (H − 1)·stride − pads + dilation·(h − 1) + 1 + extra rows; as a stride hides up to stride − 1 rows of H' from H, so many
        /// extra rows may be asked for.
        static member convTranspose2d (options: ConvOptions) (extraHeight, extraWidth) (weights: Tensor) (images: Tensor) =
            if images.Rank <> 4 || weights.Rank <> 4 then
                Errors.shape
                    "convTranspose2d"
                    $"images {Errors.show images.Shape} and weights {Errors.show weights.Shape}"
                    "[batch; channels; height; width] and [in; out/groups; height; width]"
                    "reshape them"

            let channels = images.Node.Shape[1]

            if weights.Node.Shape[0] <> channels then
                Errors.shape
                    "convTranspose2d"
                    $"images {Errors.show images.Shape} and weights {Errors.show weights.Shape}"
                    $"weights [{channels}; out/groups; height; width]"
                    "weights are [in; out/groups; height; width]"

            if
                extraHeight < 0
                || extraHeight >= fst options.Stride
                || extraWidth < 0
                || extraWidth >= snd options.Stride
            then
                Errors.shape "convTranspose2d" $"{extraHeight} and {extraWidth} extra rows and columns" "0 up to less than the stride" ""

            let size axis (stride, dilation, (low, high), extra) =
                (images.Node.Shape[axis] - 1) * stride - low - high
                + dilation * (weights.Node.Shape[axis] - 1)
                + 1
                + extra

            let height =
                size 2 (fst options.Stride, fst options.Dilation, options.PadHeight, extraHeight)

            let width =
                size 3 (snd options.Stride, snd options.Dilation, options.PadWidth, extraWidth)

            let spec =
                {
                    Window = ConvOptions.window options
                    Groups = options.Groups
                }

            Tensor.make (ConvInput(spec, height, width)) [ weights; images ]

        /// The maximum of each h by w window: [N; C; H; W] → [N; C; H'; W']; padding never wins. Groups are ignored.
        static member maxPool2d (height, width) options (images: Tensor) =
            let spec: PoolSpec =
                {
                    Kernel = struct (height, width)
                    Window = ConvOptions.window options
                }

            Tensor.make (MaxPick spec) [ images; images ]

        /// The mean of each h by w window, padding counted as zeros: [N; C; H; W] → [N; C; H'; W'].
        static member avgPool2d (height, width) (options: ConvOptions) (images: Tensor) =
            if images.Rank <> 4 then
                Errors.shape "avgPool2d" (Errors.show images.Shape) "[batch; channels; height; width]" "reshape it"

            let shape = images.Shape

            let weights =
                Tensor.full images.DType [ 1; 1; height; width ] (1.0 / float (height * width))

            let pooled =
                images
                |> Tensor.reshape [ shape[0] * shape[1]; 1; shape[2]; shape[3] ]
                |> Tensor.conv2d { options with Groups = 1 } weights

            Tensor.reshape [ shape[0]; shape[1]; pooled.Shape[2]; pooled.Shape[3] ] pooled
