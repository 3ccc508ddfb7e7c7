using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>Units of Oja's rule with their options. The exact components, to compare with, are computed before the first epoch.</summary>
internal sealed class OjaKind(OjaOptions options) : ModelKind<Core.Oja, OjaModel>
{
    public const string KindName = "oja";

    private readonly Lazy<LatentPrograms<Core.Oja>> _programs = new(() =>
        new LatentPrograms<Core.Oja>(
            ComputeEngines.Get(options),
            Core.OjaModule.objective,
            Core.OjaModule.encode,
            Core.OjaModule.decode,
            Core.OjaModule.reconstruct
        )
    );

    private readonly Core.PcaOptions _reference = new PcaOptions { Components = options.Components }.ToCoreComponents();

    public override string Name => KindName;

    public override Core.Objective<Core.Oja> Objective => Core.OjaModule.objective;

    public override FSharpList<Core.Phase<Core.Oja>> Phases => Core.OjaModule.phases;

    public override Core.Oja Create(IReadOnlyList<int> rowShape) => Learner(Core.PcaModule.blank(_reference, RowShape.Size(rowShape)));

    public override void Check(DataRows rows) { }

    public override void CheckTraining(DataRows rows) => Core.PcaModule.check(options.Components, rows.Count, rows.RowSize);

    public override Core.Oja Fit(Core.Oja parameters, DataRows rows) =>
        Learner(
            Core.PcaModule.fitOn(
                ComputeEngines.Get(options),
                _reference,
                Core.KeyModule.foldIn(1, Keys.Of(options.Seed, Keys.Weights)),
                rows.ToTensor()
            )
        );

    public override IReadOnlyList<string> DescribedNames => [ComponentModel.AngleName];

    public override Description Describe(Core.Oja parameters, DataRows rows, DataRows? validation, int epoch) =>
        new([(ComponentModel.AngleName, Core.OjaModule.angle(parameters))]);

    public override OjaModel Wrap(Core.Oja parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _programs.Value.Of(parameters, options), options, rowShape, history);

    private Core.Oja Learner(Core.Pca reference)
    {
        Core.OjaRule rule = options.Rule == OjaRule.Sanger ? Core.OjaRule.Sanger : Core.OjaRule.Subspace;
        Core.OjaForm form = new(rule, Core.ActivationModule.ofName(Names.Kebab(options.Activation.ToString())));
        return Core.OjaModule.create(form, Keys.Of(options.Seed, Keys.Weights), reference);
    }
}
