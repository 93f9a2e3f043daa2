using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Cdr.Drawer;

/// <summary>What presenting a PIN to a card comes to.</summary>
internal abstract record PinOutcome
{
    public sealed record Right : PinOutcome;

    public sealed record Wrong(int TriesLeft) : PinOutcome;

    public sealed record Blocked : PinOutcome;
}

/// <summary>Tries left on each card, kept in the folder: three wrong in a row block it, as on the real ones.</summary>
internal sealed class CardPins(string folder)
{
    private const int Tries = 3;

    private readonly Lock gate = new();

    private string Path => System.IO.Path.Combine(folder, "tries-left.json");

    public PinOutcome Present(string card, string pin)
    {
        lock (gate)
        {
            var left = Read();
            var tries = left.GetValueOrDefault(card, Tries);
            if (tries == 0)
                return new PinOutcome.Blocked();
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pin), Encoding.UTF8.GetBytes(Deck.Pin)))
            {
                if (left.Remove(card))
                    Write(left);
                return new PinOutcome.Right();
            }

            left[card] = tries - 1;
            Write(left);
            return tries == 1 ? new PinOutcome.Blocked() : new PinOutcome.Wrong(tries - 1);
        }
    }

    public void Forget(string card)
    {
        lock (gate)
        {
            var left = Read();
            if (left.Remove(card))
                Write(left);
        }
    }

    private Dictionary<string, int> Read() =>
        File.Exists(Path) ? JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(Path)) ?? [] : [];

    private void Write(Dictionary<string, int> left) => File.WriteAllBytes(Path, JsonSerializer.SerializeToUtf8Bytes(left));
}
