package rust

// preludeName is the path of a name that every file has without importing it,
// "" for other names. Names that only some editions have count in all: where
// they are used without an import, the file would not compile otherwise.
func preludeName(name string, in space) string {
	if in&macroSpace != 0 {
		if std := preludeMacro(name); std != "" {
			return std
		}
	}
	if in&valueSpace != 0 {
		switch name {
		case "drop":
			return "std::mem::drop"
		case "size_of":
			return "std::mem::size_of"
		case "size_of_val":
			return "std::mem::size_of_val"
		case "align_of":
			return "std::mem::align_of"
		case "align_of_val":
			return "std::mem::align_of_val"
		case "Some":
			return "std::option::Option::Some"
		case "None":
			return "std::option::Option::None"
		case "Ok":
			return "std::result::Result::Ok"
		case "Err":
			return "std::result::Result::Err"
		}
	}
	if in&typeSpace != 0 {
		return preludeType(name)
	}
	return ""
}

func preludeType(name string) string {
	switch name {
	case "Send":
		return "std::marker::Send"
	case "Sync":
		return "std::marker::Sync"
	case "Sized":
		return "std::marker::Sized"
	case "Copy":
		return "std::marker::Copy"
	case "Unpin":
		return "std::marker::Unpin"
	case "Drop":
		return "std::ops::Drop"
	case "Fn":
		return "std::ops::Fn"
	case "FnMut":
		return "std::ops::FnMut"
	case "FnOnce":
		return "std::ops::FnOnce"
	case "AsyncFn":
		return "std::ops::AsyncFn"
	case "AsyncFnMut":
		return "std::ops::AsyncFnMut"
	case "AsyncFnOnce":
		return "std::ops::AsyncFnOnce"
	case "Box":
		return "std::boxed::Box"
	case "ToOwned":
		return "std::borrow::ToOwned"
	case "Clone":
		return "std::clone::Clone"
	case "PartialEq":
		return "std::cmp::PartialEq"
	case "PartialOrd":
		return "std::cmp::PartialOrd"
	case "Eq":
		return "std::cmp::Eq"
	case "Ord":
		return "std::cmp::Ord"
	case "AsRef":
		return "std::convert::AsRef"
	case "AsMut":
		return "std::convert::AsMut"
	case "Into":
		return "std::convert::Into"
	case "From":
		return "std::convert::From"
	case "TryFrom":
		return "std::convert::TryFrom"
	case "TryInto":
		return "std::convert::TryInto"
	case "Default":
		return "std::default::Default"
	case "Iterator":
		return "std::iter::Iterator"
	case "Extend":
		return "std::iter::Extend"
	case "IntoIterator":
		return "std::iter::IntoIterator"
	case "FromIterator":
		return "std::iter::FromIterator"
	case "DoubleEndedIterator":
		return "std::iter::DoubleEndedIterator"
	case "ExactSizeIterator":
		return "std::iter::ExactSizeIterator"
	case "Future":
		return "std::future::Future"
	case "IntoFuture":
		return "std::future::IntoFuture"
	case "Option":
		return "std::option::Option"
	case "Result":
		return "std::result::Result"
	case "String":
		return "std::string::String"
	case "ToString":
		return "std::string::ToString"
	case "Vec":
		return "std::vec::Vec"
	}
	return ""
}

func preludeMacro(name string) string {
	switch name {
	case "assert":
		return "std::assert"
	case "assert_eq":
		return "std::assert_eq"
	case "assert_ne":
		return "std::assert_ne"
	case "cfg":
		return "std::cfg"
	case "column":
		return "std::column"
	case "compile_error":
		return "std::compile_error"
	case "concat":
		return "std::concat"
	case "dbg":
		return "std::dbg"
	case "debug_assert":
		return "std::debug_assert"
	case "debug_assert_eq":
		return "std::debug_assert_eq"
	case "debug_assert_ne":
		return "std::debug_assert_ne"
	case "env":
		return "std::env"
	case "eprint":
		return "std::eprint"
	case "eprintln":
		return "std::eprintln"
	case "file":
		return "std::file"
	case "format":
		return "std::format"
	case "format_args":
		return "std::format_args"
	case "include":
		return "std::include"
	case "include_bytes":
		return "std::include_bytes"
	case "include_str":
		return "std::include_str"
	case "line":
		return "std::line"
	case "matches":
		return "std::matches"
	case "module_path":
		return "std::module_path"
	case "option_env":
		return "std::option_env"
	case "panic":
		return "std::panic"
	case "print":
		return "std::print"
	case "println":
		return "std::println"
	case "stringify":
		return "std::stringify"
	case "thread_local":
		return "std::thread_local"
	case "todo":
		return "std::todo"
	case "try":
		return "std::try"
	case "unimplemented":
		return "std::unimplemented"
	case "unreachable":
		return "std::unreachable"
	case "vec":
		return "std::vec"
	case "write":
		return "std::write"
	case "writeln":
		return "std::writeln"
	}
	return ""
}

// replaceable reports a name of the prelude that other crates are known to
// replace by a glob import: defmt's and esp-println's macros, anyhow's Result
// and Ok, the collections of heapless and bumpalo. Other names of the prelude
// are trusted in spite of a glob that nobody can look into.
func replaceable(name string, in space) bool {
	if in&macroSpace != 0 {
		return true
	}
	switch name {
	case "Result", "Ok", "Err", "Vec", "String":
		return true
	}
	return false
}

// replacesMacros reports a crate that brings macros with the names of std's when
// it is imported with #[macro_use].
func replacesMacros(crate string) bool {
	switch crate {
	case "defmt", "esp_println", "pretty_assertions":
		return true
	}
	return false
}

func primitive(name string) bool {
	switch name {
	case "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64", "bool", "char", "str":
		return true
	}
	return false
}
