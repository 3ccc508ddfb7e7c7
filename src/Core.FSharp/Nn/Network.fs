namespace Functional.Core

/// One layer of a network.
type Layer =
    | Dense of Dense
    | Conv2D of Conv2D
    | ConvTranspose2D of Conv2D
    | MaxPool of Pool
    | AvgPool of Pool
    | BatchNorm of BatchNorm
    | Dropout of rate: float
    | Flatten
    | Reshape of row: int list
    | Pad of size: int
    /// The first rows and columns of each image.
    | Crop of height: int * width: int
    /// A sequence to the last state: [batch; steps; inputs] → [batch; units].
    | GruReader of Gru
    /// The states of so many steps that are given the same input: [batch; inputs] → [batch; steps; units].
    | GruWriter of Gru * steps: int
    | Activation of Activation

/// Layers in the order in which data passes them.
type Network = { Layers: Layer list }

[<RequireQualifiedAccess>]
module Layer =
    /// A layer with parameters drawn, for rows of the shape given. `initializer` is used where the specification names none.
    let internal create (spec: LayerSpec) (initializer: Initializer) key (row: int list) : Layer =
        let channels = row |> List.tryHead |> Option.defaultValue 1

        match spec with
        | LayerSpec.Dense(units, _) when units < 1 -> Errors.shape "dense" $"{units} units" "1 or more" ""
        | LayerSpec.Dense _ when row.Length <> 1 ->
            Errors.shape "dense" (Errors.show (List.toArray row)) "rows of numbers" "put a flatten layer before it"
        | LayerSpec.Dense(units, own) -> Dense(Dense.create (defaultArg own initializer) key channels units)
        | LayerSpec.Conv2D options -> Conv2D(Conv2D.create options initializer key channels)
        | LayerSpec.ConvTranspose2D options -> ConvTranspose2D(ConvTranspose2D.create options initializer key channels)
        | LayerSpec.MaxPool pool -> MaxPool pool
        | LayerSpec.AvgPool pool -> AvgPool pool
        | LayerSpec.BatchNorm(momentum, epsilon) -> BatchNorm(BatchNorm.create momentum epsilon channels)
        | LayerSpec.Dropout rate when rate >= 0.0 && rate < 1.0 -> Dropout rate
        | LayerSpec.Dropout rate -> Errors.shape "dropout" $"rate {rate}" "0 up to less than 1" ""
        | LayerSpec.Flatten -> Flatten
        | LayerSpec.Reshape row -> Reshape row
        | LayerSpec.Pad size -> Pad size
        | LayerSpec.Activation activation -> Activation activation

    /// [batch; ...] → [batch; ...], and the layer with statistics that follow the batch (in training).
    let apply (mode: Mode) (layer: Layer) (x: Tensor) : Tensor * Layer =
        match layer with
        | Dense dense -> Dense.apply dense x, layer
        | Conv2D conv -> Conv2D.apply conv x, layer
        | ConvTranspose2D conv -> ConvTranspose2D.apply conv x, layer
        | MaxPool pool -> Pool.max pool x, layer
        | AvgPool pool -> Pool.average pool x, layer
        | BatchNorm norm ->
            let y, norm = BatchNorm.apply mode norm x
            y, BatchNorm norm
        | Dropout rate -> Dropout.apply mode rate x, layer
        | Flatten -> Tensor.reshape [ x.Shape[0]; x.Shape |> Array.tail |> Array.fold (*) 1 ] x, layer
        | Reshape row -> Tensor.reshape (x.Shape[0] :: row) x, layer
        | Pad size -> Tensor.pad [ 0, 0; 0, 0; size, size; size, size ] x, layer
        | Crop(height, width) -> x |> Tensor.slice 2 0 height |> Tensor.slice 3 0 width, layer
        | GruReader gru -> Gru.read gru x, layer
        | GruWriter(gru, steps) -> Gru.write gru steps x, layer
        | Activation activation -> Activation.apply activation x, layer

    /// The layer's own price on its weights, as a scalar.
    let internal price (layer: Layer) : Tensor option =
        match layer with
        | Conv2D conv
        | ConvTranspose2D conv -> Regularizer.cost conv.Regularizer conv
        | Dense _
        | MaxPool _
        | AvgPool _
        | BatchNorm _
        | Dropout _
        | Flatten
        | Reshape _
        | Pad _
        | Crop _
        | GruReader _
        | GruWriter _
        | Activation _ -> None

[<RequireQualifiedAccess>]
module Network =
    /// The shape of a row of the result, for rows of the shape given. Nothing is computed.
    let rowShape (network: Network) (row: int list) : int list =
        let pass x layer = fst (Layer.apply Mode.Infer layer x)

        (List.fold pass (Tensor.zeros Float32 (1 :: row)) network.Layers).Shape
        |> Array.toList
        |> List.tail

    /// The initializer that suits the first activation behind a layer.
    let private initializer (behind: LayerSpec list) =
        behind
        |> List.tryPick (fun spec ->
            match spec with
            | LayerSpec.Activation activation -> Some activation
            | _ -> None)
        |> Option.defaultValue Linear
        |> Activation.initializer

    /// A network with parameters drawn, for rows of the shape given, as [1; 28; 28] for images of one channel; layer i draws from
    /// `foldIn i`. Errors: shape, naming the first layer that does not fit.
    let create (specs: LayerSpec list) key (row: int list) : Network =
        let add (layers, row, index) spec =
            try
                let layer =
                    Layer.create spec (initializer (List.skip (index + 1) specs)) (Key.foldIn index key) row

                layer :: layers, rowShape { Layers = [ layer ] } row, index + 1
            with :? ShapeException as error ->
                Errors.inside $"layer {index}, {LayerText.print [ spec ]}, for rows of {Errors.show (List.toArray row)}" error

        let layers, _, _ = List.fold add ([], row, 0) specs
        { Layers = List.rev layers }

    /// Dense layers of the sizes given, each followed by `activation`; the initializer suits the activation.
    let dense (activation: Activation) key (inputs: int) (sizes: int list) : Network =
        create
            (sizes
             |> List.collect (fun units -> [ LayerSpec.dense units; LayerSpec.Activation activation ]))
            key
            [ inputs ]

    /// [batch; ...] → [batch; ...], and the network with statistics that follow the batch (in training). In training layer i draws from
    /// `foldIn i`.
    let apply (mode: Mode) (network: Network) (x: Tensor) : Tensor * Network =
        let step (x, done': Layer list) (index, layer) =
            let y, layer = Layer.apply (Mode.part index mode) layer x
            y, layer :: done'

        let y, layers = List.fold step (x, []) (List.indexed network.Layers)

        y,
        { network with
            Layers = List.rev layers
        }

    /// The network in use: [batch; ...] → [batch; ...].
    let infer (network: Network) (x: Tensor) : Tensor = fst (apply Mode.Infer network x)

    /// The sum of the layers' own prices on their weights, as a scalar; none when no layer has one.
    let price (network: Network) : Tensor option =
        match List.choose Layer.price network.Layers with
        | [] -> None
        | prices -> Some(List.reduce (+) prices)
