namespace Functional.Core

/// The transpose of a convolution: each pixel puts a weighted copy of a filter into a larger image (Dumoulin & Visin 2016).
[<RequireQualifiedAccess>]
module ConvTranspose2D =
    /// A layer for images of so many channels, with weights drawn and biases 0. `initializer` is used where the options name none.
    let create (options: Conv2DOptions) (initializer: Initializer) key (channels: int) : Conv2D =
        Conv2DOptions.check "convTranspose2d" channels options
        let height, width = options.Kernel
        let taps = height * width
        // A pixel of the result lies under one of stride² copies of each filter.
        let fanIn =
            max 1 (channels / options.Groups * taps / (fst options.Stride * snd options.Stride))

        let initializer = defaultArg options.Initializer initializer

        Init.draw
            initializer
            key
            fanIn
            (options.Filters / options.Groups * taps)
            [ channels; options.Filters / options.Groups; height; width ]
        |> Conv2D.ofWeight options

    /// Pads at both ends, and rows beyond the last copy, along the axis that `pick` takes from (height, width).
    let private ends (layer: Conv2D) (pick: int * int -> int) =
        let stride = pick layer.Stride
        let size = pick (layer.Weight.Shape[2], layer.Weight.Shape[3])
        let reach = pick layer.Dilation * (size - 1) + 1

        match layer.Padding with
        | Padding.Valid -> (0, 0), 0
        | Padding.Same ->
            let total = max 0 (reach - stride)
            (total / 2, total - total / 2), max 0 (stride - reach)
        | Padding.Explicit(rows, columns) ->
            let pads = pick (rows, columns)
            (pads, pads), 0

    /// [batch; channels; H; W] → [batch; filters; H'; W'], H' = (H − 1)·stride + dilation·(h − 1) + 1 − pads; with padding Same H·stride.
    let apply (layer: Conv2D) (images: Tensor) : Tensor =
        let padHeight, extraHeight = ends layer fst
        let padWidth, extraWidth = ends layer snd

        let window =
            {
                Stride = layer.Stride
                Dilation = layer.Dilation
                PadHeight = padHeight
                PadWidth = padWidth
                Groups = layer.Groups
            }

        images
        |> Tensor.convTranspose2d window (extraHeight, extraWidth) layer.Weight
        |> Conv2D.addBias layer.Bias
