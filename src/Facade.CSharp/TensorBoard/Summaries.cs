using Google.Protobuf;

namespace Functional.TensorBoard;

/// <summary>What event files show.</summary>
internal static class Summaries
{
    private const int Buckets = 30;

    /// <summary>The numbers of an epoch, and the optimizer's rate.</summary>
    public static IEnumerable<Summary.Types.Value> Scalars(TrainingRun run, EpochMetrics epoch) =>
        epoch.Values.Append(KeyValuePair.Create("rate", run.Rate)).Select(number => Scalar(number.Key, number.Value));

    public static Summary.Types.Value Scalar(string tag, double value) => new() { Tag = tag, SimpleValue = (float)value };

    public static Summary.Types.Value Image(string tag, Core.Picture picture) =>
        new()
        {
            Tag = tag,
            Image = new Summary.Types.Image
            {
                Height = picture.Height,
                Width = picture.Width,
                Colorspace = picture.Channels,
                EncodedImageString = ByteString.CopyFrom(Core.Png.encode(picture)),
            },
        };

    /// <summary>The numbers in 30 buckets of one width from the least to the most; those that are not finite are left out.</summary>
    public static Summary.Types.Value Histogram(string tag, IEnumerable<float> numbers)
    {
        double[] finite = [.. numbers.Where(float.IsFinite).Select(number => (double)number)];
        HistogramProto histogram = new() { Num = finite.Length };
        if (finite.Length > 0)
        {
            histogram.Min = finite.Min();
            histogram.Max = finite.Max();
            histogram.Sum = finite.Sum();
            histogram.SumSquares = finite.Sum(number => number * number);
            double width = (histogram.Max - histogram.Min) / Buckets;
            double[] counts = new double[width > 0 ? Buckets : 1];
            foreach (double number in finite)
                counts[width > 0 ? Math.Min(Buckets - 1, (int)((number - histogram.Min) / width)) : 0]++;
            histogram.BucketLimit.AddRange(
                counts.Select((_, i) => i == counts.Length - 1 ? histogram.Max : histogram.Min + (i + 1) * width)
            );
            histogram.Bucket.AddRange(counts);
        }

        return new Summary.Types.Value { Tag = tag, Histo = histogram };
    }
}
