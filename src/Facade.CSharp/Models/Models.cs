namespace Functional;

/// <summary>The kinds of models that can be trained.</summary>
public static class Models
{
    /// <summary>Autoencoders: linear, deep, tied, convolutional.</summary>
    public static AutoencoderTrainer Autoencoder { get; } = new();

    /// <summary>Denoising autoencoders.</summary>
    public static DenoisingTrainer Denoising { get; } = new();

    /// <summary>Variational autoencoders.</summary>
    public static VaeTrainer Vae { get; } = new();

    /// <summary>Multilayer perceptrons.</summary>
    public static MlpTrainer Mlp { get; } = new();

    /// <summary>Convolutional networks, and classifiers of any other layers.</summary>
    public static CnnTrainer Cnn { get; } = new();

    /// <summary>Classifiers built layer by layer.</summary>
    public static ClassifierBuilder Classifier { get; } = new();

    /// <summary>Variational autoencoders of convolutions.</summary>
    public static ConvVaeTrainer ConvVae { get; } = new();

    /// <summary>Variational autoencoders of sequences.</summary>
    public static RecurrentVaeTrainer RecurrentVae { get; } = new();

    /// <summary>Principal components, computed.</summary>
    public static PcaTrainer Pca { get; } = new();

    /// <summary>Principal components, learnt by Oja's or Sanger's rule.</summary>
    public static OjaTrainer Oja { get; } = new();

    /// <summary>Restricted Boltzmann machines.</summary>
    public static RbmTrainer Rbm { get; } = new();

    /// <summary>Deep belief nets.</summary>
    public static DbnTrainer Dbn { get; } = new();

    /// <summary>Energy-based models.</summary>
    public static EbmTrainer Ebm { get; } = new();

    /// <summary>All that have a name on the command line.</summary>
    public static IReadOnlyList<ITrainer> All { get; } =
    [Pca, Oja, Autoencoder, Denoising, Vae, ConvVae, RecurrentVae, Rbm, Dbn, Ebm, Mlp, Cnn];

    /// <summary>The trainer called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">there is none; names the nearest and the list.</exception>
    public static ITrainer Named(string name)
    {
        string[] names = [.. All.Select(trainer => trainer.Name)];
        return All.FirstOrDefault(trainer => trainer.Name == name)
            ?? Core.Errors.option<ITrainer>("model", $"'{name}'", $"one of {string.Join(", ", names)}", Core.Suggest.fix(names, name));
    }

    /// <summary>Reads a model of whatever kind from a file.</summary>
    /// <exception cref="FileNotFoundException">there is no such file.</exception>
    /// <exception cref="InvalidDataException">the file is damaged, or holds no model.</exception>
    public static TrainedModel Load(string path)
    {
        string kind = ModelFile.KindOf(path);
        ITrainer? trainer = All.FirstOrDefault(trainer => trainer.Name == kind);
        return trainer is null
            ? Core.Errors.data<TrainedModel>(
                path,
                "",
                $"a model of kind '{kind}'",
                string.Join(" or ", All.Select(known => known.Name)),
                ""
            )
            : trainer.Load(path);
    }
}
