using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>Principal components with their options. They are computed before the one epoch, which measures them.</summary>
internal sealed class PcaKind(PcaOptions options) : ModelKind<Core.Pca, PcaModel>
{
    public const string KindName = "pca";

    private readonly Lazy<LatentPrograms<Core.Pca>> _programs = new(() =>
        new LatentPrograms<Core.Pca>(
            ComputeEngines.Get(options),
            Core.PcaModule.objective,
            Core.PcaModule.encode,
            Core.PcaModule.decode,
            Core.PcaModule.reconstruct
        )
    );

    public override string Name => KindName;

    public override Core.Objective<Core.Pca> Objective => Core.PcaModule.objective;

    public override FSharpList<Core.Phase<Core.Pca>> Phases => Core.PcaModule.phases;

    public override Core.Pca Create(IReadOnlyList<int> rowShape) =>
        Core.PcaModule.blank(options.ToCoreComponents(), RowShape.Size(rowShape));

    public override void Check(DataRows rows) { }

    public override void CheckTraining(DataRows rows) => Core.PcaModule.check(options.Components, rows.Count, rows.RowSize);

    public override Core.Pca Fit(Core.Pca parameters, DataRows rows) =>
        Core.PcaModule.fitOn(ComputeEngines.Get(options), options.ToCoreComponents(), Keys.Of(options.Seed, Keys.Weights), rows.ToTensor());

    public override IReadOnlyList<string> DescribedNames => [ComponentModel.AngleName];

    public override Description Describe(Core.Pca parameters, DataRows rows, DataRows? validation, int epoch) =>
        new([
            (
                ComponentModel.AngleName,
                Core.PcaModule.angle(ComputeEngines.Get(options), options.ToCoreComponents(), parameters, rows.ToTensor())
            ),
        ]);

    public override PcaModel Wrap(Core.Pca parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _programs.Value.Of(parameters, options), options, rowShape, history);
}
