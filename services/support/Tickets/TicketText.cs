using System.Text;
using Cdr.ServiceDefaults.Secrets;

namespace Cdr.Support.Tickets;

/// <summary>Words that may name a person: sealed for their ticket or entry.</summary>
internal sealed class TicketText([FromKeyedServices(SupportModule.StoreName)] Sealer sealer)
{
    private const string Title = "ticket-title";
    private const string Words = "ticket-words";

    public byte[] SealTitle(Guid ticket, string text) => sealer.Seal(Title, Id(ticket), Encoding.UTF8.GetBytes(text));

    public string OpenTitle(Guid ticket, byte[] box) => Open(Title, ticket, box);

    public byte[] SealWords(Guid entry, string text) => sealer.Seal(Words, Id(entry), Encoding.UTF8.GetBytes(text));

    public string OpenWords(Guid entry, byte[] box) => Open(Words, entry, box);

    private string Open(string purpose, Guid id, byte[] box) =>
        sealer.TryOpen(purpose, Id(id), box, out var plain) ? Encoding.UTF8.GetString(plain) : throw new InvalidDataException("A ticket's words did not open.");

    private static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);
}
