namespace Functional.Core

/// A deep belief net: restricted Boltzmann machines on top of each other, each of which takes the hidden units of the one below for its
/// visible ones (Hinton, Osindero & Teh 2006; lecture 19.1). With a head it is a classifier as well.
type Dbn =
    {
        /// From the data to the top.
        Layers: Rbm list
        /// From the top's hidden units to the logit of each class.
        Head: Dense option
    }

/// The sizes of a deep belief net.
type DbnShape =
    {
        /// Hidden units of each layer, from the data to the top.
        Hidden: int list
        /// None: it learns no labels.
        Classes: int option
    }

/// What a layer learns by itself, without labels.
type LayerLearning =
    /// A restricted Boltzmann machine, by contrastive divergence with so many turns of the Gibbs chain.
    | Contrast of gibbsSteps: int
    /// An autoencoder with tied weights, which gives clean rows back for corrupted ones (Vincent et al. 2008).
    | Reconstruction of Corruption

/// How a deep belief net is trained.
type DbnLearning =
    {
        Layer: LayerLearning
        /// Epochs that each layer learns by itself: 1 or more.
        LayerEpochs: int
        /// Of the layers by themselves, where it is not that of the training.
        LayerOptimizer: Optimizer option
        /// Chains of the top machine that go on from step to step, so many (Tieleman 2008): it is the machine that the net is drawn by, and
        /// chains that begin at rows leave what is far from all rows as it is. None: they begin at rows, as those of the layers below do.
        TopChains: int option
        /// The share of each layer's hidden units that are left out while labels are learnt, 0 up to less than 1.
        Dropout: float
        /// The rows whose labels are learnt.
        Labelled: Dataset -> Dataset
    }

[<RequireQualifiedAccess>]
module DbnLearning =
    /// CD-1 in all layers, 10 epochs each, the labels of all rows.
    let defaults =
        {
            Layer = Contrast 1
            LayerEpochs = 10
            LayerOptimizer = None
            TopChains = None
            Dropout = 0.0
            Labelled = id
        }

/// A net while it learns.
type DbnTraining =
    {
        Net: Dbn
        /// Hidden states of the top machine's chains that go on: [chains; top].
        Chains: Carried option
    }

[<RequireQualifiedAccess>]
module Dbn =
    /// An untrained net for rows of so many numbers. Errors: option, when there is no layer.
    let create (shape: DbnShape) (key: Key) (visible: int) : Dbn =
        if shape.Hidden.IsEmpty then
            Errors.option "hidden" "no layers" "one or more" ""

        let layer index (visible, hidden) =
            Rbm.create (Key.foldIn index key) visible hidden

        let head classes =
            Dense.create (Activation.initializer Linear) (Key.foldIn shape.Hidden.Length key) (List.last shape.Hidden) classes

        {
            Layers = List.pairwise (visible :: shape.Hidden) |> List.mapi layer
            Head = Option.map head shape.Classes
        }

    let private up (layers: Rbm list) (v: Tensor) =
        List.fold (fun v layer -> Rbm.hiddenMean layer v) v layers

    let private down (layers: Rbm list) (h: Tensor) = List.foldBack Rbm.visibleMean layers h

    /// The means of the top's hidden units, each layer given the means of the one below: [batch; visible] → [batch; top].
    let encode (dbn: Dbn) (v: Tensor) : Tensor = up dbn.Layers v

    /// Means down from the top's hidden units: [batch; top] → [batch; visible].
    let decode (dbn: Dbn) (h: Tensor) : Tensor = down dbn.Layers h

    /// Rows to the top and back, by means and without drawing: [batch; visible] → [batch; visible].
    let reconstruct (dbn: Dbn) (v: Tensor) : Tensor = decode dbn (encode dbn v)

    /// Numbers in a row, and hidden units at the top.
    let visibleCount (dbn: Dbn) : int = Rbm.visibleCount dbn.Layers.Head

    let topCount (dbn: Dbn) : int = Rbm.hiddenCount (List.last dbn.Layers)

    let private split (dbn: Dbn) =
        let below, top = List.splitAt (dbn.Layers.Length - 1) dbn.Layers
        below, top.Head

    /// One pass down from means of the top machine's visible units: each layer is drawn given the one above; of the visible units the means
    /// are given.
    let private pass key (below: Rbm list) (means: Tensor) =
        let descend (index, layer) means =
            Rbm.visibleMean layer (Sample.bernoulli (Key.foldIn index key) means)

        List.foldBack descend (List.indexed below) means

    /// Rows that the net draws: chains of so many turns, 1 or more, between the two layers of the top machine, which begin at even odds, then
    /// one pass down (Hinton, Osindero & Teh 2006). → [count; visible].
    let sample (turns: int) (key: Key) (dbn: Dbn) (count: int) : Tensor =
        let chain, down = Key.pair key
        let below, top = split dbn
        Rbm.sample turns chain top count |> pass down below

    /// As `sample`, by chains that begin at what the layers make of rows: they stay near them for a while, which shows what the net holds
    /// where chains from even odds take long to come. [batch; visible] → [batch; visible].
    let sampleFrom (turns: int) (key: Key) (dbn: Dbn) (v: Tensor) : Tensor =
        let chain, down = Key.pair key
        let below, top = split dbn
        let _, hidden = Rbm.gibbs turns chain top (up below v)
        Rbm.visibleMean top hidden |> pass down below

    /// The way up of one machine as a layer of any network, to be followed by a sigmoid.
    let private upward (rbm: Rbm) : Layer =
        Dense
            {
                Weight = rbm.Weight
                Bias = rbm.HiddenBias
            }

    /// The way up as layers of any network. `dropout` is the share of each layer's units that are left out in training.
    let encoderLayers (dropout: float) (dbn: Dbn) : Layer list =
        [
            for rbm in dbn.Layers do
                upward rbm
                Activation Activation.Sigmoid

                if dropout > 0.0 then
                    Dropout dropout
        ]

    /// The net as a classifier. Errors: state, when it has no head.
    let classifier (dropout: float) (dbn: Dbn) : Classifier =
        match dbn.Head with
        | Some head ->
            {
                RowShape = [ visibleCount dbn ]
                Layers = encoderLayers dropout dbn @ [ Dense head ]
            }
        | None -> Errors.state "deep belief net" "no head" "a net that learns labels" "give it rows with labels, and epochs to learn them"

    /// The machine as a tied autoencoder of one layer. Its loss takes logits, of which its rows are the sigmoid.
    let private autoencoder (rbm: Rbm) : Autoencoder =
        {
            Stages =
                [
                    {
                        Encoder = upward rbm
                        Decoder = Tied rbm.VisibleBias
                        Activation = Activation.Sigmoid
                        OutputActivation = Linear
                        Row = [ Rbm.visibleCount rbm ]
                        Code = [ Rbm.hiddenCount rbm ]
                    }
                ]
            Loss = CrossEntropy
        }

    /// The net with what its learning carries from step to step. Errors: option, for less than one chain.
    let start (learning: DbnLearning) (key: Key) (dbn: Dbn) : DbnTraining =
        let top =
            RbmObjective.start
                { RbmObjective.defaults with
                    Persistent = learning.TopChains
                }
                key
                (List.last dbn.Layers)

        { Net = dbn; Chains = top.Chains }

    /// Part of a net that learns: how it is seen, and the net with what the part carries on.
    type private Part<'P> =
        {
            See: DbnTraining -> 'P
            Keep: DbnTraining -> 'P -> DbnTraining
        }

    /// The machine of a layer; that of the top has the chains.
    let private machine (index: int) : Part<RbmTraining> =
        let isTop (training: DbnTraining) = index = training.Net.Layers.Length - 1

        {
            See =
                fun training ->
                    {
                        Rbm = training.Net.Layers[index]
                        Chains = if isTop training then training.Chains else None
                        Offsets = None
                    }
            Keep =
                fun training after ->
                    if isTop training then
                        { training with Chains = after.Chains }
                    else
                        training
        }

    /// A part that carries nothing.
    let private still (see: Dbn -> 'P) : Part<'P> =
        {
            See = _.Net >> see
            Keep = fun training _ -> training
        }

    /// An objective of part of the net, as one of the whole.
    let private ofPart (part: Part<'P>) (rows: Dbn -> Tensor -> Tensor) (objective: Objective<'P>) : Objective<DbnTraining> =
        let seen (training: DbnTraining) (batch: Batch) =
            { batch with
                Rows = rows training.Net batch.Rows
            }

        {
            Loss =
                fun training input ->
                    let outcome =
                        objective.Loss
                            (part.See training)
                            { input with
                                Batch = seen training input.Batch
                            }

                    {
                        Loss = outcome.Loss
                        Reported = outcome.Reported
                        Carried = part.Keep training outcome.Carried
                    }
            Evaluate = fun training key batch -> objective.Evaluate (part.See training) key (seen training batch)
        }

    /// What a layer minimises and reports by itself, on the means that the layers below give: of a machine what `RbmObjective` reports, of an
    /// autoencoder loss and mse. The means, rather than states drawn from them, spare the layer the noise of a draw (Hinton 2010, section 3).
    let layerObjective (learning: LayerLearning) (index: int) : Objective<DbnTraining> =
        let below dbn rows =
            up (List.take index dbn.Layers) rows |> Tensor.stopGradient

        match learning with
        | Contrast steps ->
            RbmObjective.create
                { RbmObjective.defaults with
                    Steps = steps
                }
            |> ofPart (machine index) below
        | Reconstruction corruption ->
            Autoencoder.objective corruption
            |> ofPart (still (fun dbn -> autoencoder dbn.Layers[index])) below

    /// What is minimised and reported while labels are learnt: loss, in nats, and accuracy.
    let labelObjective (dropout: float) : Objective<DbnTraining> =
        Classifier.objective []
        |> ofPart (still (classifier dropout)) (fun _ rows -> rows)

    /// The layers one after the other from the data upwards, each for so many epochs while all others stay; then all of them with the head as
    /// a classifier, by backpropagation, for what is left of `epochs` (lecture 19.1, the greedy algorithm). Where no labels are learnt the
    /// top layer learns to the end.
    let phases (shape: DbnShape) (learning: DbnLearning) (epochs: int) : Phase<DbnTraining> list =
        let layers = shape.Hidden.Length
        let isClassifier = shape.Classes.IsSome

        let layer index =
            { Phase.make learning.LayerEpochs (layerObjective learning.Layer index) with
                Optimizer = learning.LayerOptimizer
                Frozen =
                    [
                        for other in 0 .. layers - 1 do
                            if other <> index then
                                $"Net.Layers.{other}"
                        if isClassifier then
                            "Net.Head"
                    ]
            }

        [
            for index in 0 .. layers - 1 do
                layer index

            if isClassifier then
                // The biases of visible units have no part in a classifier; a decay of weights would move them.
                { Phase.make (epochs - learning.LayerEpochs * layers) (labelObjective learning.Dropout) with
                    Frozen = [ for index in 0 .. layers - 1 -> $"Net.Layers.{index}.VisibleBias" ]
                    Rows = learning.Labelled
                }
        ]
