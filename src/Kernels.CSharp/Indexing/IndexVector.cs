namespace Functional.Kernels;

/// <summary>Checks row numbers before they are used as addresses.</summary>
internal static unsafe class IndexVector
{
    /// <summary>Refuses the first index that names no row.</summary>
    /// <exception cref="IndexOutOfRangeException">An index is negative or not less than <paramref name="rows"/>.</exception>
    public static void Check(string operation, int* indices, long count, int rows)
    {
        for (long position = 0; position < count; position++)
        {
            if ((uint)indices[position] >= (uint)rows)
                throw OutOfRange(operation, indices[position], position, rows);
        }
    }

    private static IndexOutOfRangeException OutOfRange(string operation, int index, long position, int rows)
    {
        string allowed = rows == 0 ? "the table has no rows" : $"it must be from 0 to {rows - 1}";
        return new IndexOutOfRangeException($"{operation}: index {index} at position {position} is out of range; {allowed}.");
    }
}
