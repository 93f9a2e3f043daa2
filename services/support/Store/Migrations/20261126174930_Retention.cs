using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Support.Store.Migrations
{
    /// <inheritdoc />
    internal sealed partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "SetAsideAt",
                table: "outbox",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "erased",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Erasure = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erased", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "erasures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Ticket = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<string>(type: "text", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Policy = table.Column<string>(type: "text", nullable: false),
                    Until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Whole = table.Column<bool>(type: "boolean", nullable: false),
                    Notices = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_erasures", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Group_State_Id",
                table: "tickets",
                columns: new[] { "Group", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_Organism_Id",
                table: "tickets",
                columns: new[] { "Organism", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_OrganismRegime_State_Id",
                table: "tickets",
                columns: new[] { "OrganismRegime", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_erased_Erasure",
                table: "erased",
                column: "Erasure");

            migrationBuilder.CreateIndex(
                name: "IX_erasures_Ticket",
                table: "erasures",
                column: "Ticket");

            // What is past its time goes, as the owner alone and only where a row that stays names it.
            migrationBuilder.Sql("""
                CREATE FUNCTION removed_by_owner() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
                        RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
                    END IF;
                    RETURN NULL;
                END $$;
                CREATE FUNCTION removed_where_named() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF NOT EXISTS (SELECT 1 FROM public.erased WHERE "Id" = OLD."Id") THEN
                        RAISE EXCEPTION '% is only ever added to, where nothing names what goes', TG_TABLE_NAME;
                    END IF;
                    RETURN OLD;
                END $$;
                CREATE FUNCTION removed_whole() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN
                    IF NOT EXISTS (SELECT 1 FROM public.erasures WHERE "Ticket" = OLD."Id" AND "Whole") THEN
                        RAISE EXCEPTION '% is only ever added to, where nothing names what goes', TG_TABLE_NAME;
                    END IF;
                    RETURN OLD;
                END $$;
                """);
            foreach (var table in new[] { "entries", "evidence", "evidence_reads", "attachments" })
            {
                migrationBuilder.Sql($"""
                    DROP TRIGGER {table}_append_only ON {table};
                    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                    CREATE TRIGGER {table}_removed_by_owner BEFORE DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION removed_by_owner();
                    CREATE TRIGGER {table}_removed_where_named BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION removed_where_named();
                    """);
            }

            migrationBuilder.Sql("""
                CREATE TRIGGER tickets_append_only BEFORE TRUNCATE ON tickets FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                CREATE TRIGGER tickets_removed_by_owner BEFORE DELETE ON tickets FOR EACH STATEMENT EXECUTE FUNCTION removed_by_owner();
                CREATE TRIGGER tickets_removed_whole BEFORE DELETE ON tickets FOR EACH ROW EXECUTE FUNCTION removed_whole();
                CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erasures FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                CREATE TRIGGER erased_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON erased FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER tickets_append_only ON tickets; DROP FUNCTION removed_by_owner() CASCADE; DROP FUNCTION removed_where_named() CASCADE; DROP FUNCTION removed_whole() CASCADE;");
            foreach (var table in new[] { "entries", "evidence", "evidence_reads", "attachments" })
            {
                migrationBuilder.Sql($"""
                    DROP TRIGGER {table}_append_only ON {table};
                    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                    """);
            }

            migrationBuilder.DropTable(
                name: "erased");

            migrationBuilder.DropTable(
                name: "erasures");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Group_State_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_Organism_Id",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "IX_tickets_OrganismRegime_State_Id",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "SetAsideAt",
                table: "outbox");
        }
    }
}
