using System.Reflection;

namespace Cdr.Rights.Tests.Journal.Tampering;

/// <summary>What somebody with the owner's rights can do to a row: any column, whatever the type allows.</summary>
internal static class Row
{
    private static readonly MethodInfo Clone = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public static T Copy<T>(T row)
        where T : class => (T)Clone.Invoke(row, null)!;

    public static object? Get(object row, string column) => row.GetType().GetProperty(column)!.GetValue(row);

    public static void Set(object row, string column, object? value) => row.GetType().GetProperty(column)!.SetValue(row, value);

    public static IReadOnlyList<string> Columns(Type row) => [.. row.GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];

    /// <summary>Another value of a column.</summary>
    public static object? Another(Random random, object? value, Type type) => value switch
    {
        null => (Nullable.GetUnderlyingType(type) ?? type) == typeof(short) ? (short)random.Next(4) : (object)new byte[] { 7, (byte)random.Next(256) },
        short number => random.Next(4) == 0 && Nullable.GetUnderlyingType(type) is not null ? null : (short)(number + 1 + random.Next(3)),
        int number => number + (random.Next(2) == 0 && number > 0 ? -1 : 1 + random.Next(3)),
        long number => number + 1 + random.Next(3),
        string text => random.Next(3) == 0 && text.Length > 0 ? text[..^1] : text + "x",
        DateTimeOffset at => at.AddTicks((1 + random.Next(1000)) * 10),
        DateOnly day => day.AddDays(1 + random.Next(30)),
        Enum kind => Enum.ToObject(kind.GetType(), Convert.ToInt16(kind, System.Globalization.CultureInfo.InvariantCulture) + 1 + random.Next(3)),
        Guid id => Flipped(random, id),
        byte[] bytes => Changed(random, bytes),
        Guid[] ids => ids.Length == 0 ? new[] { Guid.Empty } : random.Next(3) == 0 ? ids[1..] : ids[..^1].Append(Flipped(random, ids[^1])).ToArray(),
        int[] positions => positions.Length == 0 ? new[] { 0 } : positions[..^1].Append(positions[^1] + 1).ToArray(),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static byte[] Changed(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
            return new byte[32];
        switch (random.Next(4))
        {
            case 0:
                return bytes[..^1];
            case 1:
                return bytes.Append((byte)1).ToArray();
            default:
                var copy = bytes.ToArray();
                copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                return copy;
        }
    }

    private static Guid Flipped(Random random, Guid id)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        bytes[random.Next(9, 16)] ^= (byte)(1 << random.Next(8));
        return new Guid(bytes, bigEndian: true);
    }
}
