using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Rights.Batches;

/// <summary>A line's question as it is stored: encrypted, and good in no other line's place.</summary>
internal sealed class SealedLine([FromKeyedServices(RightsModule.Name)] Sealer sealer)
{
    private const string Purpose = "batch-line";

    public byte[] Seal(Guid batch, int line, BatchQuestion question)
    {
        Span<byte> place = stackalloc byte[20];
        return sealer.Seal(Purpose, Place(place, batch, line), JsonSerializer.SerializeToUtf8Bytes(question, BatchJson.Default.BatchQuestion));
    }

    /// <summary>Null when it was erased or changed, when its key is gone, or when it has what a newer version wrote.</summary>
    public BatchQuestion? Open(BatchLine line)
    {
        Span<byte> place = stackalloc byte[20];
        try
        {
            return sealer.TryOpen(Purpose, Place(place, line.Batch, line.Line), line.Question, out var plain)
                ? JsonSerializer.Deserialize(plain, BatchJson.Default.BatchQuestion)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Place(Span<byte> into, Guid batch, int line)
    {
        batch.TryWriteBytes(into, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(into[16..], line);
        return into;
    }
}

/// <summary>A line's form, on the wire and sealed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BatchQuestion))]
internal sealed partial class BatchJson : JsonSerializerContext;
