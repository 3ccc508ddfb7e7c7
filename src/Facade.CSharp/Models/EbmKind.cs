using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>An energy-based model with its options. The number of classes is settled.</summary>
internal sealed class EbmKind(EbmOptions options) : ModelKind<Core.EbmTraining<Core.Ebm>, EbmModel>, IModelForm<Core.Ebm, EbmModel>
{
    public const string KindName = "ebm";

    private readonly Lazy<EbmFunctions> _functions = new(() => new EbmFunctions(ComputeEngines.Get(options), options));

    public override string Name => KindName;

    public override Core.Objective<Core.EbmTraining<Core.Ebm>> Objective => EbmFunctions.ObjectiveOf(options);

    public override Core.EbmTraining<Core.Ebm> Create(IReadOnlyList<int> rowShape)
    {
        FSharpList<int> row = ListModule.OfSeq([RowShape.Size(CanvasOf(rowShape).Shape)]);
        return new Core.EbmTraining<Core.Ebm>(
            Model(rowShape),
            Core.ReplayBufferModule.create(options.Contrast.Buffer, Keys.Of(options.Seed, Keys.Chains), options.BufferSize, row)
        );
    }

    Core.Ebm IModelForm<Core.Ebm, EbmModel>.Create(IReadOnlyList<int> rowShape) => Model(rowShape);

    public override Core.Dataset Prepare(Core.Dataset rows) => Core.CanvasModule.place(CanvasOf(rows.Shape), rows);

    public override void Check(DataRows rows)
    {
        UnitRange.Check(rows);
        if (options.Classes > 0)
            Core.ClassifierModule.check(options.Classes, rows.Set);
    }

    public override EbmModel Wrap(Core.EbmTraining<Core.Ebm> parameters, IReadOnlyList<int> rowShape, History history) =>
        Wrap(parameters.Model, rowShape, history);

    public EbmModel Wrap(Core.Ebm parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _functions.Value, CanvasOf(rowShape), options, rowShape, history);

    /// <summary>The options with the number of classes that follows from the rows.</summary>
    public static EbmOptions Settle(EbmOptions options, DataRows rows)
    {
        options.Validate();
        if (options.LabelWeight == 0)
            return options with { Classes = 0 };
        int classes = options.Classes > 0 ? options.Classes : Core.ClassifierModule.classesOf([], rows.Set);
        if (classes < 2)
            Core.Errors.option<Unit>(
                "label-weight",
                $"{options.LabelWeight} for {rows.Name} without classes",
                "rows of 2 classes or more",
                ""
            );
        return options with { Classes = classes };
    }

    private Core.Ebm Model(IReadOnlyList<int> rowShape) =>
        Core.EbmModule.create(options.Network.ToCore(), options.Classes, Keys.Of(options.Seed, Keys.Weights), CanvasOf(rowShape).Shape);

    private Core.Canvas CanvasOf(IReadOnlyList<int> rowShape) => Core.CanvasModule.create(options.Size, ListModule.OfSeq(rowShape));
}
