namespace Functional;

/// <summary>How many numbers fall into each of equally wide bins, as columns.</summary>
internal static class HistogramDrawing
{
    public static Chart Draw(string title, string xLabel, IReadOnlyList<double> values, int bins)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        int lost = values.Count - finite.Length;
        string label = lost == 0 ? xLabel : $"{xLabel} ({lost} not finite)";
        (double[] edges, int[] counts) = Count(finite, bins);
        Frame frame = new(
            title,
            new Measure(label, edges, 0.02, 0.02),
            new Measure("count", counts.Select(count => (double)count).Append(0), Below: 0),
            []
        );
        for (int i = 0; i < counts.Length; i++)
        {
            (double left, double right) = (frame.X(edges[i]), frame.X(edges[i + 1]));
            // A pixel's gap shows where columns of equal height end, as long as it leaves most of the column.
            double gap = right - left > 4 ? 1 : 0;
            if (counts[i] > 0)
                frame.Canvas.Area(left, frame.Y(counts[i]), right - left - gap, frame.Y(0) - frame.Y(counts[i]), Palette.Colour(0));
        }

        if (finite.Length == 0)
            frame.Note("no numbers");
        return frame.Canvas.ToChart();
    }

    /// <summary>The edges of the bins, one more than there are, and the numbers from an edge up to the next; the last edge belongs to the last bin.</summary>
    public static (double[] Edges, int[] Counts) Count(IReadOnlyList<double> values, int bins)
    {
        if (values.Count == 0)
            return ([0, 1], [0]);
        (double low, double high) = (values.Min(), values.Max());
        if (low == high)
            return ([low - 0.5, low + 0.5], [values.Count]);
        // Halves first, so that the difference of two very large numbers is one.
        double width = (high / 2 - low / 2) / bins * 2;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => i == bins ? high : low + i * width)];
        int[] counts = new int[bins];
        foreach (double value in values)
            counts[Math.Clamp(Array.FindLastIndex(edges, edge => edge <= value), 0, bins - 1)]++;
        return (edges, counts);
    }
}
