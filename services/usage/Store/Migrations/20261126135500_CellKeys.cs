using System;
using System.Linq;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Usage.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class CellKeys : Migration
    {
        /// <summary>As CellKey.Digest().</summary>
        internal const string Digest =
            "encode(substring(sha256(convert_to(concat_ws(chr(31), shape::text, department, hospital_group, establishment, unit, function, regime, reason, outcome, source), 'UTF8')) FROM 1 FOR 16), 'hex')::uuid";

        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "key",
                table: "cells",
                type: "uuid",
                nullable: true);

            // What is counted keeps its cells.
            migrationBuilder.Sql($"UPDATE cells SET key = {Digest}");

            migrationBuilder.AlterColumn<Guid>(
                name: "key",
                table: "cells",
                type: "uuid",
                nullable: false,
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);

            // The version before goes on counting, during a roll-out and after a way back, and knows no key. Its own index over all words stays
            // for it: a later version drops both.
            migrationBuilder.Sql(
                $"""
                CREATE FUNCTION cells_key() RETURNS trigger LANGUAGE plpgsql AS $function$
                BEGIN
                    NEW.key := (SELECT {Digest} FROM (SELECT NEW.*) AS told);
                    RETURN NEW;
                END $function$
                """);
            migrationBuilder.Sql("CREATE TRIGGER cells_key BEFORE INSERT ON cells FOR EACH ROW WHEN (NEW.key IS NULL) EXECUTE FUNCTION cells_key()");

            migrationBuilder.CreateIndex(
                name: "IX_cells_key",
                table: "cells",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cells_shape_department",
                table: "cells",
                columns: new[] { "shape", "department" });

            // Shapes of sums are kept from now on that were not (LateSums). What was counted before is not in them, nor what the version before goes on
            // counting: it moves last_batch alone, and the journal is marked for good, until they are summed again.
            migrationBuilder.AddColumn<long>(
                name: "summed_to",
                table: "journals",
                type: "bigint",
                nullable: false,
                defaultValue: -1L);
            migrationBuilder.Sql("ALTER TABLE journals ALTER COLUMN summed_to SET DEFAULT 0");
            migrationBuilder.Sql(
                """
                CREATE FUNCTION journals_unsummed() RETURNS trigger LANGUAGE plpgsql AS $function$
                BEGIN
                    NEW.summed_to := -1;
                    RETURN NEW;
                END $function$
                """);
            migrationBuilder.Sql(
                """
                CREATE TRIGGER journals_unsummed BEFORE UPDATE ON journals FOR EACH ROW
                WHEN (NEW.last_batch <> OLD.last_batch AND NEW.summed_to = OLD.summed_to) EXECUTE FUNCTION journals_unsummed()
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER journals_unsummed ON journals");
            migrationBuilder.Sql("DROP FUNCTION journals_unsummed()");

            migrationBuilder.DropColumn(
                name: "summed_to",
                table: "journals");

            migrationBuilder.DropIndex(
                name: "IX_cells_key",
                table: "cells");

            migrationBuilder.DropIndex(
                name: "IX_cells_shape_department",
                table: "cells");

            migrationBuilder.Sql("DELETE FROM sums_day WHERE cell IN (SELECT id FROM cells WHERE shape > 12)");
            migrationBuilder.Sql("DELETE FROM sums_month WHERE cell IN (SELECT id FROM cells WHERE shape > 12)");
            migrationBuilder.Sql("DELETE FROM cells WHERE shape > 12");

            migrationBuilder.Sql("DROP TRIGGER cells_key ON cells");
            migrationBuilder.Sql("DROP FUNCTION cells_key()");

            migrationBuilder.DropColumn(
                name: "key",
                table: "cells");
        }
    }
}
