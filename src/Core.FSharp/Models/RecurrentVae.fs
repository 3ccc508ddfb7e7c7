namespace Functional.Core

/// The form of a variational autoencoder of sequences.
type RecurrentVaeShape =
    {
        /// Steps of a sequence, and numbers in a step: a row of data is [steps; features].
        Steps: int
        Features: int
        /// Units of the encoder's recurrent layer, and of the decoder's.
        Units: int
        LatentSize: int
        Likelihood: Likelihood
    }

/// Variational autoencoders of sequences: one gated recurrent unit reads a sequence and its last state tells the code; another, given
/// the code at every step, writes one (after Fabius & van Amersfoort 2015). A step of the result is not told what the step before it held,
/// so that nothing but the code can carry what a sequence is.
[<RequireQualifiedAccess>]
module RecurrentVae =
    /// Untrained parameters.
    let create (shape: RecurrentVaeShape) (key: Key) : Vae =
        match Key.split 5 key with
        | [ reader; writer; output; mean; spread ] ->
            let encoder =
                [
                    Reshape [ shape.Steps; shape.Features ]
                    GruReader(Gru.create reader shape.Features shape.Units)
                ]

            let decoder =
                [
                    GruWriter(Gru.create writer shape.LatentSize shape.Units, shape.Steps)
                    Dense(Dense.create GlorotNormal output shape.Units shape.Features)
                    Flatten
                ]

            Vae.ofNetworks shape.Likelihood ({ Layers = encoder }, shape.Units) { Layers = decoder } shape.LatentSize (mean, spread)
        | _ -> Errors.state "RecurrentVae.create" "another number of keys" "5" ""
