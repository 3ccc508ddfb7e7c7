using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Rows that stand for those of a training where only their form counts.</summary>
internal static class Specimen
{
    /// <summary>Rows of zeros, as many as a batch has, with labels where the options ask for them.</summary>
    public static DataRows Rows(TrainingOptions options, IReadOnlyList<int> rowShape)
    {
        int count = options is DbnOptions { LabelledRows: var labelled } ? Math.Max(labelled, options.BatchSize) : options.BatchSize;
        int classes = options switch
        {
            ClassifierOptions classifier => classifier.Classes,
            DbnOptions net => net.Classes,
            EbmOptions energy => energy.Classes,
            _ => 0,
        };
        Core.Dataset set = Core.DatasetModule.create("specimen", [.. rowShape], new float[count * RowShape.Size(rowShape)]);
        return new DataRows(
            classes == 0 ? set : Core.DatasetModule.withLabels([.. Enumerable.Range(0, count).Select(row => row % classes)], set)
        );
    }
}
