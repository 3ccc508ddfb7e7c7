using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>What the training of one kind of model needs to know, with its options.</summary>
/// <typeparam name="TParameters">The tree of parameters.</typeparam>
/// <typeparam name="TModel">What callers get.</typeparam>
internal abstract class ModelKind<TParameters, TModel> : IModelForm<TParameters, TModel>
    where TModel : TrainedModel
{
    /// <summary>The name on the command line: vae.</summary>
    public abstract string Name { get; }

    /// <summary>Parameters before training.</summary>
    public abstract TParameters Create(IReadOnlyList<int> rowShape);

    public abstract Core.Objective<TParameters> Objective { get; }

    /// <summary>The stretches of training; one with <see cref="Objective"/> unless a kind has others.</summary>
    public virtual FSharpList<Core.Phase<TParameters>> Phases => Core.Phase.only(Objective);

    /// <summary>Rows as the model learns them.</summary>
    public virtual Core.Dataset Prepare(Core.Dataset rows) => rows;

    /// <summary>Refuses rows that the model can not learn from.</summary>
    public abstract void Check(DataRows rows);

    /// <summary>Refuses rows that the model can not be trained on.</summary>
    public virtual void CheckTraining(DataRows rows) => Check(rows);

    /// <summary>What the first step begins with: those of <see cref="Create"/>, unless the rows decide.</summary>
    public virtual TParameters Fit(TParameters parameters, DataRows rows) => parameters;

    /// <summary>The names of what <see cref="Describe"/> gives.</summary>
    public virtual IReadOnlyList<string> DescribedNames => [];

    /// <summary>Numbers about the parameters at the end of an epoch, reported with those of its steps.</summary>
    /// <param name="parameters">The parameters as they are now.</param>
    /// <param name="rows">The rows trained on.</param>
    /// <param name="validation">The held-out rows, or null.</param>
    /// <param name="epoch">The epoch, counted from 1.</param>
    public virtual Description Describe(TParameters parameters, DataRows rows, DataRows? validation, int epoch) => new([]);

    /// <summary>A model of trained parameters.</summary>
    public abstract TModel Wrap(TParameters parameters, IReadOnlyList<int> rowShape, History history);
}
