namespace Functional.Core

/// What an autoencoder minimises.
type ReconstructionLoss =
    /// The mean over a row of (x − x̂)².
    | MeanSquared
    /// −log p(x) in nats a row, of pixels in 0 to 1 that are Bernoulli; the last layer gives logits and rows are their sigmoid.
    | CrossEntropy

/// The form of an autoencoder.
type AutoencoderShape =
    {
        /// The shape of a row: [784], or [1; 28; 28] where there are filters.
        Row: int list
        /// Filters of the convolutional layers, which come first; each halves the image.
        Filters: int list
        /// Units of the dense layers; the last layer of all gives the code.
        Hidden: int list
        Activation: Activation
        /// Behind the last layer of the decoder; Linear where the loss is CrossEntropy.
        OutputActivation: Activation
        /// How the weights of all layers are drawn; none: each layer as suits its activation.
        Initializer: Initializer option
        /// Whether the decoder uses the encoder's weights, transposed.
        IsTied: bool
        Loss: ReconstructionLoss
    }

[<RequireQualifiedAccess>]
module AutoencoderShape =
    /// Rows of so many numbers, layers of so many units: [ 300; 150 ] for 784 makes 784-300-150-300-784. ELU, a linear output, weights of
    /// their own, mean squared error.
    let dense (inputs: int) (hidden: int list) =
        {
            Row = [ inputs ]
            Filters = []
            Hidden = hidden
            Activation = Elu
            OutputActivation = Linear
            Initializer = None
            IsTied = false
            Loss = MeanSquared
        }

/// An encoder of rows into codes and a decoder of codes into rows, trained so that rows come back. It is a stack of stages: the encoder
/// goes up through them, the decoder down.
type Autoencoder =
    {
        /// From the data to the code.
        Stages: Stage list
        Loss: ReconstructionLoss
    }

[<RequireQualifiedAccess>]
module Autoencoder =
    /// Untrained parameters. Errors: option, when there is no layer, or a layer does not fit.
    let create (shape: AutoencoderShape) (key: Key) : Autoencoder =
        if shape.Filters.IsEmpty && shape.Hidden.IsEmpty then
            Errors.option "hidden" "no layers" "one or more" ""

        if shape.Loss = CrossEntropy && shape.OutputActivation <> Linear then
            Errors.option
                "output activation"
                $"{Activation.name shape.OutputActivation} with the loss cross-entropy"
                "linear"
                "the sigmoid of the output is part of that loss"

        let makers =
            (shape.Filters
             |> List.map (fun filters key row output -> Stage.conv shape.IsTied shape.Initializer shape.Activation output key row filters))
            @ (shape.Hidden
               |> List.map (fun units key row output -> Stage.dense shape.IsTied shape.Initializer shape.Activation output key row units))

        let add (stages, row) (index, make) =
            let output =
                if index = 0 then
                    shape.OutputActivation
                else
                    shape.Activation

            let stage: Stage = make (Key.foldIn index key) row output
            stage :: stages, stage.Code

        {
            Stages = List.fold add ([], shape.Row) (List.indexed makers) |> fst |> List.rev
            Loss = shape.Loss
        }

    let private up (stages: Stage list) (x: Tensor) =
        List.fold (fun x stage -> Stage.encode stage x) x stages

    let private down (stages: Stage list) (code: Tensor) = List.foldBack Stage.decode stages code

    let private rows (x: Tensor) =
        Tensor.reshape [ x.Shape[0]; x.Count / x.Shape[0] ] x

    let private finish (loss: ReconstructionLoss) (output: Tensor) =
        match loss with
        | MeanSquared -> rows output
        | CrossEntropy -> Tensor.sigmoid (rows output)

    /// The codes of rows: [batch; inputs] → [batch; numbers in a code].
    let encode (model: Autoencoder) (x: Tensor) : Tensor = rows (up model.Stages x)

    /// The rows of codes: [batch; numbers in a code] → [batch; inputs].
    let decode (model: Autoencoder) (code: Tensor) : Tensor =
        finish model.Loss (down model.Stages code)

    /// Rows through their codes: [batch; inputs] → [batch; inputs].
    let reconstruct (model: Autoencoder) (x: Tensor) : Tensor = decode model (encode model x)

    /// Numbers in a code.
    let codeSize (model: Autoencoder) : int =
        List.reduce (*) (List.last model.Stages).Code

    /// The layers of the encoder, as of any network: for rows [batch; inputs] that have been given the shape of the first stage.
    let encoderLayers (model: Autoencoder) : Layer list =
        [
            for stage in model.Stages do
                if stage.Code.Length = 1 then
                    Flatten

                stage.Encoder
                Activation stage.Activation
        ]

    /// The weights of the first layer as they see a row: [units; inputs] of a dense layer, [filters; channels; 3; 3] of filters.
    let features (model: Autoencoder) : Tensor =
        match model.Stages.Head.Encoder with
        | Dense dense -> Tensor.transpose dense.Weight
        | Conv2D conv -> conv.Weight
        | other -> Errors.state "features" $"{other}" "a dense or convolutional layer" ""

    /// What a phase of training trains.
    type private Part =
        | Whole
        /// One stage, as an autoencoder of the codes that the stages below it give.
        | Layer of index: int

    /// The loss of a part, and the mean squared error of the data by all stages up to that part. What comes into the part is corrupted;
    /// what is to come back is not.
    let private report part corruption (model: Autoencoder) key (x: Tensor) =
        let below, trained =
            match part with
            | Whole -> [], model.Stages
            | Layer index -> List.take index model.Stages, [ model.Stages[index] ]

        let target = up below x
        let output = target |> Corruption.apply corruption key |> up trained |> down trained

        let loss =
            match model.Loss with
            | CrossEntropy when below.IsEmpty -> Loss.bernoulli (rows output) x
            | CrossEntropy
            | MeanSquared -> Loss.meanSquared (rows output) (rows target)

        let restored = output |> down below |> finish model.Loss
        Tensor.mean loss, [ "mse", Tensor.mean (Loss.meanSquared restored x) ]

    let private objectiveOf part corruption : Objective<Autoencoder> =
        {
            Loss =
                fun model input ->
                    let loss, reported = report part corruption model input.Key input.Batch.Rows

                    {
                        Loss = loss
                        Reported = reported
                        Carried = model
                    }
            Evaluate =
                fun model key batch ->
                    let loss, reported = report part corruption model key batch.Rows
                    ("loss", loss) :: reported
        }

    /// What training minimises and reports: loss, and mse, which is in units of the data squared. The rows that go in are corrupted, held-out
    /// ones too; both numbers are against the clean ones. With a corruption this is the denoising autoencoder (Vincent, Larochelle, Bengio
    /// & Manzagol 2008), with `Intact` the plain one.
    let objective (corruption: Corruption) : Objective<Autoencoder> = objectiveOf Whole corruption

    /// Training one layer at a time (lecture 19.4.1; Bengio et al. 2006): `layerEpochs` for each of the `layers`, from the data upwards, as
    /// an autoencoder of the codes below it while all others stay; then all together for what is left of `epochs`. With 0 `layerEpochs` all
    /// together from the start. Each layer above the first minimises the mean squared error of codes; it is given them corrupted (Vincent et
    /// al. 2010).
    let phases (corruption: Corruption) (layerEpochs: int) (epochs: int) (layers: int) : Phase<Autoencoder> list =
        let layer index =
            { Phase.make layerEpochs (objectiveOf (Layer index) corruption) with
                Frozen =
                    [
                        for other in 0 .. layers - 1 do
                            if other <> index then
                                $"Stages.{other}"
                    ]
            }

        [
            if layerEpochs > 0 then
                for index in 0 .. layers - 1 do
                    layer index
            if epochs > layerEpochs * layers then
                yield! Phase.only (objective corruption)
        ]
