namespace Functional.Core

/// The form of a layer of filters that move over an image.
type Conv2DOptions =
    {
        /// Channels of the result.
        Filters: int
        /// Height and width of a filter.
        Kernel: int * int
        Stride: int * int
        Padding: Padding
        /// Pixels from one weight of a filter to the next.
        Dilation: int * int
        /// How many parts the channels fall into, each seen by its own filters; divides the channels on both sides.
        Groups: int
        UseBias: bool
        /// None: the one that suits the activation behind the layer.
        Initializer: Initializer option
        /// A price on this layer's weights, beside that of the training.
        Regularizer: Regularizer
    }

[<RequireQualifiedAccess>]
module Conv2DOptions =
    /// Square filters; stride 1, no padding, no dilation, one group, with biases.
    let defaults filters kernel =
        {
            Filters = filters
            Kernel = kernel, kernel
            Stride = 1, 1
            Padding = Padding.Valid
            Dilation = 1, 1
            Groups = 1
            UseBias = true
            Initializer = None
            Regularizer = Regularizer.none
        }

    let internal check operation (channels: int) (options: Conv2DOptions) =
        let positive (a, b) = a > 0 && b > 0

        if
            options.Filters < 1
            || not (positive options.Kernel && positive options.Stride && positive options.Dilation)
        then
            Errors.shape
                operation
                $"{options.Filters} filters of {options.Kernel}, stride {options.Stride}, dilation {options.Dilation}"
                "1 or more each"
                ""

        if
            options.Groups < 1
            || channels % options.Groups <> 0
            || options.Filters % options.Groups <> 0
        then
            Errors.shape
                operation
                $"{channels} channels and {options.Filters} filters in {options.Groups} groups"
                "both to divide by the groups"
                ""

/// Filters that move over an image (a cross-correlation, as in all of deep learning), or their transpose.
type Conv2D =
    {
        /// [filters; channels/groups; height; width]; of a transpose [channels; filters/groups; height; width], those of the convolution
        /// that leads back.
        Weight: Tensor
        /// [filters].
        Bias: Tensor option
        Stride: int * int
        Padding: Padding
        Dilation: int * int
        Groups: int
        Regularizer: Regularizer
    }

[<RequireQualifiedAccess>]
module Conv2D =
    /// A layer with weights given and biases 0.
    let internal ofWeight (options: Conv2DOptions) (weight: Tensor) : Conv2D =
        {
            Weight = weight
            Bias =
                if options.UseBias then
                    Some(Tensor.zeros Float32 [ options.Filters ])
                else
                    None
            Stride = options.Stride
            Padding = options.Padding
            Dilation = options.Dilation
            Groups = options.Groups
            Regularizer = options.Regularizer
        }

    /// A layer for images of so many channels, with weights drawn and biases 0. `initializer` is used where the options name none.
    let create (options: Conv2DOptions) (initializer: Initializer) key (channels: int) : Conv2D =
        Conv2DOptions.check "conv2d" channels options
        let height, width = options.Kernel

        let fan channels =
            channels / options.Groups * height * width

        let initializer = defaultArg options.Initializer initializer

        Init.draw initializer key (fan channels) (fan options.Filters) [ options.Filters; channels / options.Groups; height; width ]
        |> ofWeight options

    /// Adds one number to each channel of images [batch; channels; height; width].
    let internal addBias (bias: Tensor option) (images: Tensor) =
        match bias with
        | Some bias -> images + Tensor.reshape [ bias.Count; 1; 1 ] bias
        | None -> images

    /// [batch; channels; H; W] → [batch; filters; H'; W'], H' = ⌊(H + pads − dilation·(h − 1) − 1)/stride⌋ + 1; with padding Same ⌈H/stride⌉.
    let apply (layer: Conv2D) (images: Tensor) : Tensor =
        let kernel = layer.Weight.Shape[2], layer.Weight.Shape[3]

        let window =
            { Padding.window layer.Padding kernel layer.Stride layer.Dilation images with
                Groups = layer.Groups
            }

        images |> Tensor.conv2d window layer.Weight |> addBias layer.Bias
