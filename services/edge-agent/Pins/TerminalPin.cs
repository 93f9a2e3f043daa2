using System.Security.Cryptography;

namespace Cdr.EdgeAgent.Pins;

/// <summary>The agent's own terminal, without an echo. Key by key: no line with the PIN is ever put together by anybody else.</summary>
internal sealed class TerminalPin(TextWriter output) : IPinEntry
{
    public static bool IsThere => !Console.IsInputRedirected;

    public async Task<PinTyped> AskAsync(PinQuestion question, CancellationToken cancellationToken)
    {
        if (!IsThere)
            return new PinTyped.Nowhere("Il n'y a pas de terminal où taper le code.");
        await output.WriteLineAsync(question.Words);
        await output.WriteAsync("Code à 4 chiffres (Échap pour renoncer) : ");
        var digits = new byte[Pin.Length];
        var typed = 0;
        try
        {
            while (true)
            {
                while (!Console.KeyAvailable)
                    await Task.Delay(20, cancellationToken);
                var key = Console.ReadKey(intercept: true);
                switch (key.Key)
                {
                    case ConsoleKey.Escape:
                        return new PinTyped.Cancelled();
                    case ConsoleKey.Backspace when typed > 0:
                        digits[--typed] = 0;
                        await output.WriteAsync("\b \b");
                        break;
                    case ConsoleKey.Enter when typed == Pin.Length:
                        return new PinTyped.Pin(digits.ToArray());
                    default:
                        if (typed < Pin.Length && char.IsAsciiDigit(key.KeyChar))
                        {
                            digits[typed++] = (byte)key.KeyChar;
                            await output.WriteAsync('*');
                        }

                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new PinTyped.Cancelled();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(digits);
            await output.WriteLineAsync();
        }
    }
}
