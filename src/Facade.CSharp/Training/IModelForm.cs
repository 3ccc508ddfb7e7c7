namespace Functional;

/// <summary>What a file of a model is read with.</summary>
/// <typeparam name="TParameters">The tree of parameters in the file.</typeparam>
/// <typeparam name="TModel">What callers get.</typeparam>
internal interface IModelForm<TParameters, out TModel>
    where TModel : TrainedModel
{
    /// <summary>The name on the command line: vae.</summary>
    string Name { get; }

    /// <summary>A tree of the form of the file's.</summary>
    TParameters Create(IReadOnlyList<int> rowShape);

    /// <summary>A model of trained parameters.</summary>
    TModel Wrap(TParameters parameters, IReadOnlyList<int> rowShape, History history);
}
