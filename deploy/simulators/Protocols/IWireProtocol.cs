namespace Cdr.RegimeSimulator.Protocols;

/// <summary>One of the three protocols of docs/regime-protocols.md, in a regime's dialect.</summary>
internal interface IWireProtocol
{
    /// <value>Relative to the regime's address.</value>
    string Path { get; }

    /// <value>An answer cut in the middle of what would have been "unknown": the worst one to believe.</value>
    Rendered Truncated { get; }

    /// <value>Well-formed, and nothing that the protocol knows.</value>
    Rendered WrongSchema { get; }

    Reading Read(HttpRequest request, byte[] body);

    Rendered Write(Reply reply, Exchange exchange);
}

/// <summary>What surrounds one question.</summary>
/// <param name="Consultation">Header <c>X-Consultation</c>.</param>
internal readonly record struct Exchange(string Consultation, DateTimeOffset At, DateOnly? CareDate);

/// <param name="ContentType">Null: not stated.</param>
internal readonly record struct Rendered(int Status, string? ContentType, ReadOnlyMemory<byte> Body);
