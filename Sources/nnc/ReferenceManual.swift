import ArgumentParser

struct ReferenceManual: ParsableCommand {
}
