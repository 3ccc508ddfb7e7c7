namespace Functional;

/// <summary>Matrices of .NET and the numbers in them, row after row.</summary>
internal static class Matrix
{
    /// <summary>Rows of <paramref name="columns"/> numbers.</summary>
    public static float[,] Of(float[] values, int columns)
    {
        float[,] matrix = new float[values.Length / columns, columns];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(float));
        return matrix;
    }

    /// <summary>The numbers of a matrix, copied.</summary>
    public static float[] Values(float[,] matrix)
    {
        float[] values = new float[matrix.Length];
        Buffer.BlockCopy(matrix, 0, values, 0, values.Length * sizeof(float));
        return values;
    }
}
