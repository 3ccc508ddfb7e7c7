namespace Functional.Core

/// The form of a convolutional variational autoencoder.
type ConvVaeShape =
    {
        /// [channels; height; width] of a row of data.
        Image: int list
        /// Filters and stride of each convolution of the encoder.
        Convolutions: (int * int) list
        /// Height and width of every filter.
        Kernel: int
        /// Units of the dense layers behind the convolutions.
        Hidden: int list
        LatentSize: int
        Activation: Activation
        Likelihood: Likelihood
    }

/// Variational autoencoders whose encoder is of convolutions and whose decoder is of transposed ones (lecture 18.6.2).
[<RequireQualifiedAccess>]
module ConvVae =
    /// The lecture's network for images of one channel: filters 32, 64 with stride 2, 64, 64; 32 dense units; 2 latent ones; ReLU.
    let lecture (height: int) (width: int) : ConvVaeShape =
        {
            Image = [ 1; height; width ]
            Convolutions = [ 32, 1; 64, 2; 64, 1; 64, 1 ]
            Kernel = 3
            Hidden = [ 32 ]
            LatentSize = 2
            Activation = Relu
            Likelihood = Bernoulli
        }

    let private filters (shape: ConvVaeShape) (count: int) (stride: int) =
        { Conv2DOptions.defaults count shape.Kernel with
            Stride = stride, stride
            Padding = Padding.Same
        }

    let private activated (shape: ConvVaeShape) spec =
        [ spec; LayerSpec.Activation shape.Activation ]

    let private convolutions (shape: ConvVaeShape) =
        LayerSpec.Reshape shape.Image
        :: (shape.Convolutions
            |> List.collect (fun (count, stride) -> activated shape (LayerSpec.Conv2D(filters shape count stride))))

    let private encoder (shape: ConvVaeShape) =
        convolutions shape
        @ [ LayerSpec.Flatten ]
        @ (shape.Hidden |> List.collect (LayerSpec.dense >> activated shape))

    /// A transposed convolution for each stride of the encoder, from the last to the first, with as many filters as the encoder had before
    /// that stride.
    let private enlargements (shape: ConvVaeShape) =
        let counts = shape.Convolutions |> List.map fst
        let before = counts.Head :: List.take (counts.Length - 1) counts

        List.zip before (List.map snd shape.Convolutions)
        |> List.filter (fun (_, stride) -> stride > 1)
        |> List.rev
        |> List.collect (fun (count, stride) -> activated shape (LayerSpec.ConvTranspose2D(filters shape count stride)))

    /// From a code to the map that the encoder flattened, and from there to an image as large as the data or larger.
    let private decoder (shape: ConvVaeShape) (map: int list) =
        activated shape (LayerSpec.dense (List.reduce (*) map))
        @ [ LayerSpec.Reshape map ]
        @ enlargements shape
        @ [ LayerSpec.Conv2D(filters shape shape.Image.Head 1) ]

    /// Untrained parameters. Errors: option, for an image that has not three sizes or a form without convolutions.
    let create (shape: ConvVaeShape) (key: Key) : Vae =
        match shape.Image, Key.split 4 key with
        | [ _; height; width ], [ encoderKey; decoderKey; mean; spread ] when not shape.Convolutions.IsEmpty ->
            let size = List.reduce (*) shape.Image
            let encoder = Network.create (encoder shape) encoderKey [ size ]

            let map =
                Network.rowShape (Network.create (convolutions shape) encoderKey [ size ]) [ size ]

            let decoder = Network.create (decoder shape map) decoderKey [ shape.LatentSize ]

            // A stride rounds sizes up, so that the way back may end beyond the image.
            let cut =
                match Network.rowShape decoder [ shape.LatentSize ] with
                | [ _; h; w ] when (h, w) = (height, width) -> []
                | _ -> [ Crop(height, width) ]

            Vae.ofNetworks
                shape.Likelihood
                (encoder, (Network.rowShape encoder [ size ]).Head)
                {
                    Layers = decoder.Layers @ cut @ [ Flatten ]
                }
                shape.LatentSize
                (mean, spread)
        | image, _ ->
            Errors.option
                "conv-vae"
                $"an image {Errors.show (List.toArray image)} and {shape.Convolutions.Length} convolutions"
                "[channels; height; width] and one or more"
                ""
