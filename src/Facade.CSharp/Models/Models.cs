namespace Functional;

/// <summary>The kinds of models that can be trained.</summary>
public static class Models
{
    /// <summary>Variational autoencoders.</summary>
    public static VaeTrainer Vae { get; } = new();

    /// <summary>Principal components, computed.</summary>
    public static PcaTrainer Pca { get; } = new();

    /// <summary>Principal components, learnt by Oja's or Sanger's rule.</summary>
    public static OjaTrainer Oja { get; } = new();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ITrainer> All { get; } = [Vae, Pca, Oja];

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
