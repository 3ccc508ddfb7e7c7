namespace Functional.Core

/// How an autoencoder's layer is undone.
type WayBack =
    /// By a layer with weights of its own: Dense, or ConvTranspose2D.
    | Own of Layer
    /// By the layer's own weights, transposed, with biases of its own: one for each number of a row, or for each channel of an image.
    | Tied of Bias: Tensor

/// One hidden layer of an autoencoder together with the layer that undoes it: a small autoencoder by itself.
type Stage =
    {
        /// Dense or Conv2D.
        Encoder: Layer
        Decoder: WayBack
        /// Behind the encoder.
        Activation: Activation
        /// Behind the decoder.
        OutputActivation: Activation
        /// The shape of a row that goes in and comes back.
        Row: int list
        /// The shape of the row's code.
        Code: int list
    }

[<RequireQualifiedAccess>]
module Stage =
    let private assemble isTied activation outputActivation (row, code) encoder (own: unit -> Layer) =
        {
            Encoder = encoder
            Decoder =
                if isTied then
                    Tied(Tensor.zeros Float32 [ List.head row ])
                else
                    Own(own ())
            Activation = activation
            OutputActivation = outputActivation
            Row = row
            Code = code
        }

    let private draws (initializer: Initializer option) (activation: Activation) =
        initializer |> Option.defaultWith (fun () -> Activation.initializer activation)

    /// Fully connected units, for rows of any shape. Where no initializer is given each layer has the one that suits its activation; biases
    /// start at 0.
    let dense
        isTied
        (initializer: Initializer option)
        (activation: Activation)
        (outputActivation: Activation)
        key
        (row: int list)
        (units: int)
        : Stage =
        let there, back = Key.pair key
        let inputs = List.reduce (*) row

        assemble
            isTied
            activation
            outputActivation
            ([ inputs ], [ units ])
            (Dense(Dense.create (draws initializer activation) there inputs units))
            (fun () -> Dense(Dense.create (draws initializer outputActivation) back units inputs))

    /// Filters of 3x3 that move by 2, so that images [channels; height; width] become half as high and wide, rounded up; the way back is
    /// their transpose.
    let conv
        isTied
        (initializer: Initializer option)
        (activation: Activation)
        (outputActivation: Activation)
        key
        (row: int list)
        (filters: int)
        : Stage =
        match row with
        | [ channels; height; width ] ->
            let there, back = Key.pair key

            let form filters =
                { Conv2DOptions.defaults filters 3 with
                    Stride = 2, 2
                    Padding = Padding.Same
                }

            assemble
                isTied
                activation
                outputActivation
                (row, [ filters; (height + 1) / 2; (width + 1) / 2 ])
                (Conv2D(Conv2D.create (form filters) (draws initializer activation) there channels))
                (fun () -> ConvTranspose2D(ConvTranspose2D.create (form channels) (draws initializer outputActivation) back filters))
        | _ -> Errors.option "filters" $"a layer of {filters} for rows of {Errors.show (List.toArray row)}" "images" ""

    let private useLayer layer x = Layer.apply Mode.Infer layer x |> fst

    /// The transpose of a layer, with the biases given.
    let private transpose (layer: Layer) (bias: Tensor) : Layer =
        match layer with
        | Dense dense ->
            Dense
                {
                    Weight = Tensor.transpose dense.Weight
                    Bias = bias
                }
        | Conv2D conv -> ConvTranspose2D { conv with Bias = Some bias }
        | other -> Errors.state "tied weights" $"{other}" "a dense or convolutional layer" ""

    /// Rows in any shape, [batch; ...] → their codes, [batch; Code].
    let encode (stage: Stage) (x: Tensor) : Tensor =
        Tensor.reshape (x.Shape[0] :: stage.Row) x
        |> useLayer stage.Encoder
        |> Activation.apply stage.Activation

    /// Takes the image of a transposed layer down to the size it had: rounding up put a line on top and on the left.
    let private crop (row: int list) (images: Tensor) =
        let cut axis length (x: Tensor) =
            Tensor.slice axis (x.Shape[axis] - length) length x

        match row with
        | [ _; height; width ] -> images |> cut 2 height |> cut 3 width
        | _ -> images

    /// Codes in any shape, [batch; ...] → rows, [batch; Row].
    let decode (stage: Stage) (code: Tensor) : Tensor =
        let layer =
            match stage.Decoder with
            | Own layer -> layer
            | Tied bias -> transpose stage.Encoder bias

        Tensor.reshape (code.Shape[0] :: stage.Code) code
        |> useLayer layer
        |> crop stage.Row
        |> Activation.apply stage.OutputActivation
