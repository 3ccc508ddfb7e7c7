namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Engines
open Xunit

/// Convolutions, their transposes and pools against loops over windows, over all options.
type ConvolutionTests() =
    static let batch, channels, height, width = 2, 4, 7, 6

    static let numbers salt count =
        Array.init count (fun i -> (0.7548776662466927 * float (i + 1) + 0.31 * float salt) % 1.0 - 0.5)

    static let engines = [ Reference.engine; TestEngines.find "cpu" ]

    static let image = numbers 1 (batch * channels * height * width)

    static let images = Tensor.ofFloat64s [ batch; channels; height; width ] image

    static let pixel n c i j =
        if i < 0 || j < 0 || i >= height || j >= width then
            0.0
        else
            image[((n * channels + c) * height + i) * width + j]

    /// Padding before an axis, and the size of the result, by the definitions.
    static let extent padding size kernel stride dilation explicitly =
        let reach = dilation * (kernel - 1) + 1

        match padding with
        | Padding.Valid -> 0, (size - reach) / stride + 1
        | Padding.Same ->
            let positions = int (ceil (float size / float stride))
            (max 0 ((positions - 1) * stride + reach - size)) / 2, positions
        | Padding.Explicit _ -> explicitly, (size - reach + 2 * explicitly) / stride + 1

    /// [batch; channels; H'; W'] by a number for each place of the result.
    static let table rows columns filters (at: int -> int -> int -> int -> float) =
        [|
            for n in 0 .. batch - 1 do
                for o in 0 .. filters - 1 do
                    for i in 0 .. rows - 1 do
                        for j in 0 .. columns - 1 do
                            at n o i j
        |]

    static let check (what: string) (shape: int list) expected (apply: Tensor -> Tensor) =
        for engine in engines do
            let found = compileOn engine apply images
            Assert.Equal<int list>(shape, List.ofArray found.Shape)
            Close.check what 1e-12 expected (found.ToFloat64s())

    static let options =
        [
            for stride in [ 1, 1; 2, 2; 3, 2 ] do
                for padding in [ Padding.Valid; Padding.Same; Padding.Explicit(2, 1) ] do
                    for dilation in [ 1, 1; 2, 1 ] do
                        for groups in [ 1; 2; 4 ] do
                            for bias in [ true; false ] do
                                { Conv2DOptions.defaults 4 1 with
                                    Kernel = 3, 2
                                    Stride = stride
                                    Padding = padding
                                    Dilation = dilation
                                    Groups = groups
                                    UseBias = bias
                                }
        ]

    static let weights (shape: int[]) =
        Tensor.ofFloat64s shape (numbers 2 (Array.fold (*) 1 shape))

    static let biases = [| 0.5; -1.0; 0.25; 2.0 |]

    static let bias (options: Conv2DOptions) (o: int) =
        if options.UseBias then biases[o] else 0.0

    static let withBiases (bias: Tensor option) =
        bias |> Option.map (fun _ -> Tensor.ofFloat64s [ 4 ] biases)

    [<Fact>]
    member _.``a convolution has the sizes and values of its definition, over all options``() =
        for options in options do
            let layer =
                Conv2D.create options GlorotNormal (Key.ofSeed 1L) channels
                |> fun layer ->
                    { layer with
                        Weight = weights layer.Weight.Shape
                        Bias = withBiases layer.Bias
                    }

            let (kh, kw), (sh, sw), (dh, dw) = options.Kernel, options.Stride, options.Dilation
            let top, rows = extent options.Padding height kh sh dh 2
            let left, columns = extent options.Padding width kw sw dw 1
            let inGroup = channels / options.Groups
            let w = layer.Weight.ToFloat64s()

            let expected =
                table rows columns 4 (fun n o i j ->
                    let first = o / (4 / options.Groups) * inGroup

                    bias options o
                    + List.sum
                        [
                            for c in 0 .. inGroup - 1 do
                                for p in 0 .. kh - 1 do
                                    for q in 0 .. kw - 1 do
                                        w[((o * inGroup + c) * kh + p) * kw + q]
                                        * pixel n (first + c) (i * sh + p * dh - top) (j * sw + q * dw - left)
                        ])

            check $"{options}" [ batch; 4; rows; columns ] expected (Conv2D.apply layer)

    [<Fact>]
    member _.``a transposed convolution puts down copies of its filters, over all options``() =
        for options in options do
            let layer =
                ConvTranspose2D.create options GlorotNormal (Key.ofSeed 1L) channels
                |> fun layer ->
                    { layer with
                        Weight = weights layer.Weight.Shape
                        Bias = withBiases layer.Bias
                    }

            let (kh, kw), (sh, sw), (dh, dw) = options.Kernel, options.Stride, options.Dilation

            let extent size kernel stride dilation explicitly =
                let reach = dilation * (kernel - 1) + 1

                match options.Padding with
                | Padding.Valid -> 0, (size - 1) * stride + reach
                | Padding.Same -> (max 0 (reach - stride)) / 2, size * stride
                | Padding.Explicit _ -> explicitly, (size - 1) * stride + reach - 2 * explicitly

            let top, rows = extent height kh sh dh 2
            let left, columns = extent width kw sw dw 1
            let outGroup, inGroup = 4 / options.Groups, channels / options.Groups
            let w = layer.Weight.ToFloat64s()
            let expected = table rows columns 4 (fun _ o _ _ -> bias options o)

            for n in 0 .. batch - 1 do
                for c in 0 .. channels - 1 do
                    for i in 0 .. height - 1 do
                        for j in 0 .. width - 1 do
                            for o in 0 .. outGroup - 1 do
                                for p in 0 .. kh - 1 do
                                    for q in 0 .. kw - 1 do
                                        let y, x = i * sh + p * dh - top, j * sw + q * dw - left

                                        if y >= 0 && y < rows && x >= 0 && x < columns then
                                            let at = ((n * 4 + c / inGroup * outGroup + o) * rows + y) * columns + x

                                            expected[at] <- expected[at] + pixel n c i j * w[((c * outGroup + o) * kh + p) * kw + q]

            check $"{options}" [ batch; 4; rows; columns ] expected (ConvTranspose2D.apply layer)

    [<Fact>]
    member _.``a pool takes the maximum or the mean of each window, over all options``() =
        for stride in [ 1, 1; 2, 3 ] do
            for padding in [ Padding.Valid; Padding.Same; Padding.Explicit(1, 1) ] do
                let pool =
                    {
                        Window = 3, 2
                        Stride = stride
                        Padding = padding
                    }

                let top, rows = extent padding height 3 (fst stride) 1 1
                let left, columns = extent padding width 2 (snd stride) 1 1

                let places i j =
                    [
                        for p in 0..2 do
                            for q in 0..1 do
                                i * fst stride + p - top, j * snd stride + q - left
                    ]

                let isInside (i, j) =
                    i >= 0 && i < height && j >= 0 && j < width

                let largest =
                    table rows columns channels (fun n c i j ->
                        places i j
                        |> List.filter isInside
                        |> List.map (fun (i, j) -> pixel n c i j)
                        |> List.max)

                let mean =
                    table rows columns channels (fun n c i j -> places i j |> List.averageBy (fun (i, j) -> pixel n c i j))

                check $"max {pool}" [ batch; channels; rows; columns ] largest (Pool.max pool)
                check $"mean {pool}" [ batch; channels; rows; columns ] mean (Pool.average pool)

    [<Fact>]
    member _.``weights have the deviation of their initializer``() =
        let conv =
            Conv2D.create
                { Conv2DOptions.defaults 64 3 with
                    Groups = 2
                }
                HeNormal
                (Key.ofSeed 1L)
                32

        Assert.Equal<int[]>([| 64; 16; 3; 3 |], conv.Weight.Shape)
        let deviation (w: Tensor) = sqrt (Tensor.variance(w).ToScalar())
        Close.check "He" 0.02 [| sqrt (2.0 / (16.0 * 9.0)) |] [| deviation conv.Weight |]

        let own =
            Conv2D.create
                { Conv2DOptions.defaults 64 3 with
                    Initializer = Some(NormalWith 0.5)
                }
                HeNormal
                (Key.ofSeed 1L)
                32

        Close.check "its own" 0.02 [| 0.5 |] [| deviation own.Weight |]

    [<Fact>]
    member _.``channels that do not divide by the groups are refused``() =
        let error =
            throws<ShapeException>(fun () ->
                Conv2D.create
                    { Conv2DOptions.defaults 4 3 with
                        Groups = 3
                    }
                    HeNormal
                    (Key.ofSeed 1L)
                    6
                |> ignore)

        Assert.Equal("conv2d: found 6 channels and 4 filters in 3 groups, expected both to divide by the groups.", error.Message)
