namespace Functional.Experiments

/// The experiments there are.
[<RequireQualifiedAccess>]
module Catalog =
    /// Every experiment, in the order in which they are listed and run: along the lectures, from parts to whole networks.
    let all: Experiment list =
        [
            VanishingGradient.experiment
            Activations.experiment
            Optimizers.experiment
            OjaComponents.experiment
            LinearAutoencoder.experiment
            GeneExpression.experiment
            StackedAutoencoder.experiment
            FeatureMaps.experiment
            DenoisingAutoencoder.experiment
            VaeDense.experiment
            VaeConv.experiment
            VaeLikelihood.experiment
            RbmMnist.experiment
            RbmExact.experiment
            RbmLikelihood.experiment
            EbmMnist.experiment
            AutoencoderPretraining.experiment
            LettersPretraining.experiment
            DbnMnist.experiment
            CnnMnist.experiment
            MlpMnist.experiment
            Fashion.experiment
            CallbacksAct.experiment
            GradientCentralization.experiment
            LangevinMoments.experiment
        ]

    let private ids = all |> List.map _.Id

    /// The experiment of that id. Errors: option, naming the nearest.
    let find (id: string) : Experiment =
        match all |> List.tryFind (fun experiment -> experiment.Id = id) with
        | Some experiment -> experiment
        | None -> Functional.Core.Errors.option "ID" $"'{id}'" $"""one of {String.concat ", " ids}""" (Functional.Core.Suggest.fix ids id)
