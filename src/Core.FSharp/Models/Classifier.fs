namespace Functional.Core

/// A network whose last layer gives each class a logit: a multilayer perceptron, a convolutional network, or any other.
type Classifier =
    {
        /// The shape in which the layers see a row, as [1; 28; 28] for images of one channel.
        RowShape: int list
        Layers: Layer list
    }

[<RequireQualifiedAccess>]
module Classifier =
    /// The layers with the output behind them: units that give each class a logit, unless the layers end in such units already.
    let private complete (specs: LayerSpec list) classes =
        match List.tryLast specs with
        | Some(LayerSpec.Dense(units, _)) when units = classes -> specs
        | Some(LayerSpec.Dense(units, _)) -> Errors.option "layers" $"{units} units in the last layer" $"{classes}, one a class" ""
        | Some(LayerSpec.Activation Softmax) ->
            Errors.option "layers" "softmax as the last layer" "logits" "leave it out; the loss and the probabilities do without"
        | _ -> specs @ [ LayerSpec.dense classes ]

    /// A classifier with parameters drawn. Where the layers do not end in a dense one, one unit a class is added.
    /// Errors: shape, naming the layer that does not fit; option, when the layers end in another number of units than there are classes.
    let create (specs: LayerSpec list) (classes: int) (key: Key) (rowShape: int list) : Classifier =
        if classes < 2 then
            Errors.option "classes" $"{classes}" "2 or more" ""

        {
            RowShape = rowShape
            Layers = (Network.create (complete specs classes) key rowShape).Layers
        }

    let private through mode (layers: Layer list) (classifier: Classifier) (rows: Tensor) =
        Network.apply mode { Layers = layers } (Tensor.reshape (rows.Shape[0] :: classifier.RowShape) rows)

    /// The logit of each class, and the classifier with statistics that follow the batch (in training).
    /// [batch; inputs] → [batch; classes].
    let apply (mode: Mode) (classifier: Classifier) (rows: Tensor) : Tensor * Classifier =
        let logits, network = through mode classifier.Layers classifier rows

        logits,
        { classifier with
            Layers = network.Layers
        }

    /// The logit of each class in use: [batch; inputs] → [batch; classes].
    let logits (classifier: Classifier) (rows: Tensor) : Tensor = fst (apply Mode.Infer classifier rows)

    /// The probability of each class: [batch; inputs] → [batch; classes].
    let probabilities (classifier: Classifier) (rows: Tensor) : Tensor =
        Tensor.softmax -1 (logits classifier rows)

    /// What the last dense layer sees: [batch; inputs] → [batch; features].
    let features (classifier: Classifier) (rows: Tensor) : Tensor =
        let last =
            classifier.Layers
            |> List.findIndexBack (fun layer ->
                match layer with
                | Dense _ -> true
                | _ -> false)

        fst (through Mode.Infer (List.take last classifier.Layers) classifier rows)

    /// Refuses rows that a classifier of so many classes can not learn from.
    let check (classes: int) (set: Dataset) =
        match set.Labels with
        | None -> Errors.option "data" $"no labels in {set.Name}" "a label for each row" "name the column or the file of the labels"
        | Some labels ->
            match labels |> Array.tryFindIndex (fun label -> label < 0 || label >= classes) with
            | Some row -> Errors.option "data" $"label {labels[row]} at row {row} of {set.Name}" $"0 to {classes - 1}, the classes" ""
            | None -> ()

    /// How many classes the layers were made for: the units that they end in, or else the names that a set has for its classes, or else one
    /// more than its largest label.
    let classesOf (specs: LayerSpec list) (set: Dataset) : int =
        match List.tryLast specs, set.Classes, set.Labels with
        | Some(LayerSpec.Dense(units, _)), _, _ -> units
        | _, Some names, _ -> names.Length
        | _, None, Some labels when labels.Length > 0 -> Array.max labels + 1
        | _, None, _ -> 0

    /// A weight for each class, so that all classes count the same: rows/(classes that have rows·rows of the class), or 0 for one without.
    let balancedWeights (classes: int) (labels: int[]) : float list =
        let rows = Array.zeroCreate classes

        for label in labels do
            rows[label] <- rows[label] + 1

        let present = rows |> Array.filter (fun count -> count > 0) |> Array.length

        [
            for count in rows ->
                if count = 0 then
                    0.0
                else
                    float labels.Length / float (present * count)
        ]

    let private labelsOf (batch: Batch) =
        match batch.Labels with
        | Some labels -> labels
        | None -> Errors.state "classifier" "rows without labels" "a label for each row" ""

    /// Σ wᵢ·(−log p(labelᵢ))/n over the n rows of a batch, where wᵢ is the weight of the row times that of its class. Dividing by n keeps
    /// the mean over batches that of the whole set, as in Keras; PyTorch divides by Σ wᵢ.
    /// No class weights: all 1. [batch; classes] → scalar.
    let loss (classWeights: float list) (batch: Batch) (logits: Tensor) : Tensor =
        let labels = labelsOf batch
        let each = Loss.categorical logits labels

        let each =
            match classWeights with
            | [] -> each
            | weights ->
                let table = Tensor.ofValues logits.DType [ weights.Length ] (List.toArray weights)
                each * Tensor.gatherRows labels table

        match batch.Weights with
        | Some weights -> Tensor.mean (each * weights)
        | None -> Tensor.mean each

    /// The share of rows whose largest logit is that of their label: [batch; classes] → scalar.
    let accuracy (batch: Batch) (logits: Tensor) : Tensor =
        let isRight = Tensor.eq (Tensor.argmax 1 logits) (labelsOf batch)
        Tensor.mean (Tensor.cast logits.DType isRight)

    /// What training minimises and reports: loss (with the layers' own prices on their weights) and accuracy (in which weights do not
    /// count). Held-out rows have the same loss, with the network in use.
    let objective (classWeights: float list) : Objective<Classifier> =
        let priced (classifier: Classifier) value =
            match Network.price { Layers = classifier.Layers } with
            | Some price -> value + price
            | None -> value

        {
            Loss =
                fun classifier input ->
                    let logits, next = apply (Mode.Train input.Key) classifier input.Batch.Rows

                    {
                        Loss = priced classifier (loss classWeights input.Batch logits)
                        Reported = [ "accuracy", accuracy input.Batch logits ]
                        Carried = next
                    }
            Evaluate =
                fun classifier _ batch ->
                    let logits = logits classifier batch.Rows

                    [
                        "loss", priced classifier (loss classWeights batch logits)
                        "accuracy", accuracy batch logits
                    ]
        }
